import type { Request, Response } from 'express';
import { ProblemException } from './problem.js';
import { sendProblem } from './send-problem.js';

/** How long a body that was refused is still swallowed, so that the caller gets to read the refusal. */
const LINGER_MS = 500;

/** The bytes of a body, as they came; a problem when they are more than the limit. */
export function readBody(request: Request, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = Number(request.headers['content-length'] ?? 0);
    const tooLarge = (): void => reject(new ProblemException(tooLargeFor(limitBytes)));
    if (size > limitBytes) {
      tooLarge();
      return;
    }
    size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) tooLarge();
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

/** Answers a body that could not be taken. */
export function refuseBody(request: Request, response: Response, error: unknown): void {
  if (error instanceof ProblemException && error.parts.status === 413) hangUp(request, response);
  if (error instanceof ProblemException) sendProblem(response, error.parts);
  else response.destroy();
}

const tooLargeFor = (limitBytes: number) => ({
  status: 413,
  code: 'request.too-large',
  detail: `The body is larger than ${limitBytes / 1024} KB, more than is ever needed here.`,
});

/** The rest of the body is not worth reading: the connection ends with the answer. */
function hangUp(request: Request, response: Response): void {
  response.setHeader('connection', 'close');
  response.once('finish', () => {
    request.resume();
    setTimeout(() => request.destroy(), LINGER_MS).unref();
  });
}
