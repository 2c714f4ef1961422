import { createServer } from 'node:http';
import type { Server } from '@ws/server';

export async function start(server: Server, port: number): Promise<void> {
  const httpServer = createServer((_request, response) => response.end('own'));
  await server.attach(httpServer, { basePath: '/agents' });
  httpServer.listen(port);
}
