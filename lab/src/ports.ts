import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LabError } from './lab-error.js';

// Below the kernel's ephemeral range (32768 and up): a port taken from there may be given to somebody's
// outgoing connection while our server restarts, and then the restart fails.
const FIRST = 18_000;
const LAST = 32_000;
const given = new Set<number>();

/** A port nobody listens on, on every given address; never the same twice in one process. */
export async function freePort(addresses: readonly string[] = ['127.0.0.1']): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (given.has(port)) continue;
    given.add(port);
    const free = await Promise.all(addresses.map((address) => canListen(port, address)));
    if (free.every(Boolean)) return port;
  }
  throw new LabError(
    `No free port on ${addresses.join(', ')}`,
    `200 random ports between ${FIRST} and ${LAST} were taken`,
    'see who listens with `ss -ltnp`',
  );
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
