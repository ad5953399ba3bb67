import { createServer, type Server } from 'node:http';

/** An application’s health check that answers with this body. */
export function startHealth(body: string): Promise<Server> {
  const server = createServer((_request, response) => response.end(body));
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
