import { createServer } from 'node:http';
import type { Server } from '@ws/server';

export async function start(server: Server, port: number): Promise<void> {
  const { handler } = await import('./dist/server/entry.mjs');
  const httpServer = createServer((request, response) => {
    // The last argument is `locals` of endpoints and pages.
    void handler(request, response, () => response.writeHead(404).end(), { agents: server });
  });
  await server.attach(httpServer, { path: '/ws', basePath: '/agents' });
  httpServer.listen(port);
}
