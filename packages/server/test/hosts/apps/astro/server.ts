import { createServer } from 'node:http';
import type { AttachOptions, Server } from '@ws/server';

/** @param attached - `{ path: '/api/agents/ws' }` where the endpoint answers the calls of HTTP */
export async function start(
  server: Server,
  port: number,
  attached: AttachOptions = { basePath: '/agents' },
): Promise<void> {
  const { handler } = await import('./dist/server/entry.mjs');
  const httpServer = createServer((request, response) => {
    // The last argument is `locals` of endpoints and pages.
    void handler(request, response, () => response.writeHead(404).end(), { agents: server });
  });
  await server.attach(httpServer, attached);
  httpServer.listen(port);
}
