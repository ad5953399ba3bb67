import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from './problem.js';
import { sendProblem } from './send-problem.js';
import { parseStrictJson, StrictJsonError } from './strict-json.js';

/** No command comes near this. */
export const BODY_LIMIT_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
/** How long a body that was refused is still swallowed, so that the caller gets to read the refusal. */
const LINGER_MS = 500;

/** Reads the body of every POST, strictly, before Nest's own tolerant reader gets to it. */
export function jsonBody(request: Request, response: Response, next: NextFunction): void {
  if (request.method !== 'POST') {
    next();
    return;
  }
  bodyOf(request)
    .then((body) => {
      request.body = body;
      next();
    })
    .catch((error: unknown) => {
      if (error instanceof ProblemException && error.parts.status === 413)
        hangUp(request, response);
      if (error instanceof ProblemException) sendProblem(response, error.parts);
      else response.destroy();
    });
}

async function bodyOf(request: Request): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding } = request.headers;
  if (!JSON_TYPE.test(type) || encoding !== undefined) {
    throw new ProblemException({
      status: 415,
      code: 'request.not-json',
      detail: 'Commands are taken as application/json in UTF-8, not compressed.',
    });
  }
  const bytes = await read(request);
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new ProblemException({
      status: 400,
      code: 'request.bad-json',
      detail: `The body cannot be accepted: ${error.message}.`,
    });
  }
}

function read(request: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = Number(request.headers['content-length'] ?? 0);
    const tooLarge = (): void => reject(new ProblemException(TOO_LARGE));
    if (size > BODY_LIMIT_BYTES) {
      tooLarge();
      return;
    }
    size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) tooLarge();
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

const TOO_LARGE = {
  status: 413,
  code: 'request.too-large',
  detail: `The body is larger than ${BODY_LIMIT_BYTES / 1024} KB, more than any command needs.`,
};

/** The rest of the body is not worth reading: the connection ends with the answer. */
function hangUp(request: Request, response: Response): void {
  response.setHeader('connection', 'close');
  response.once('finish', () => {
    request.resume();
    setTimeout(() => request.destroy(), LINGER_MS).unref();
  });
}
