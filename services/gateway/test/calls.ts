import { request as rawRequest } from 'node:http';
import { expect } from '@jest/globals';
import type { Booted } from './boot.js';

/** A JSON object that came back. */
export type Body = Record<string, unknown>;

/** A deployment request nothing is wrong with. */
export const good = {
  application: 'shop',
  environment: 'production',
  evr: '1.2.0-1',
  reason: 'new',
};

/** POSTs JSON, or a text or bytes as they are. */
export const postTo = (
  gateway: Booted,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body:
      typeof body === 'string' || body instanceof Uint8Array
        ? (body as string)
        : JSON.stringify(body),
  });

/** A request with headers `fetch` would not send. */
export const raw = (
  gateway: Booted,
  headers: Record<string, string>,
  path = '/api/v1/deployments',
  method = 'POST',
): Promise<{ status: number; body: Body }> =>
  new Promise((resolve, reject) => {
    const { port } = gateway;
    const request = rawRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Body }),
      );
    });
    request.on('error', reject);
    request.end(method === 'POST' ? JSON.stringify(good) : undefined);
  });

/** The orchestrator accepts every command of this type. */
export const acceptAll = ({ bus }: Booted, type = 'deployment.request'): void => {
  bus.on(type, ({ options }) => ({ outcome: 'accepted', subject: options.subject }));
};

/** Expects a whole problem, and returns it. */
export async function expectProblem(
  response: Response,
  status: number,
  code: string,
): Promise<Body> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = (await response.json()) as Body;
  expect({ http: response.status, status: body['status'], code: body['code'] }).toEqual({
    http: status,
    status,
    code,
  });
  expect(body['type']).toBe(`urn:gantry:problem:${code}`);
  expect(body['detail']).toMatch(/^[A-Z].*\.$/s);
  return body;
}
