import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';

/** More of an answer is not read: it is looked at, not stored. */
const MAX_BODY_BYTES = 1_000_000;

/** An answer; `body` is cut at a megabyte. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One exchange with the given address, whatever the URL's name resolves to. */
export interface Exchange {
  readonly url: URL;
  readonly address: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Sends and reads the answer; a connection of its own, no redirects, no decompression. */
export function exchange({
  url,
  address,
  method,
  headers,
  body,
  signal,
}: Exchange): Promise<HttpAnswer> {
  const secure = url.protocol === 'https:';
  const name = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)({
      host: address,
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      path: url.pathname + url.search,
      method,
      agent: false,
      signal,
      headers: {
        'Accept-Encoding': 'identity',
        'User-Agent': 'gantry-verifier',
        ...headers,
        ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
        Host: url.host,
      },
      // The certificate is the name's, not the address's.
      ...(secure && isIP(name) === 0 ? { servername: name } : {}),
    });
    request.on('error', reject);
    request.on('response', (response) => {
      readBody(response).then(
        (text) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        reject,
      );
    });
    request.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, MAX_BODY_BYTES - size));
    size += chunk.length;
    // Leaving the loop destroys the connection: an answer without end costs no more than this.
    if (size >= MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
