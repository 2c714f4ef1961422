import { createServer } from 'node:http';
import type { Server } from '@ws/server';
import next from 'next';

declare global {
  // Next bundles route handlers apart from this file: what they share is global.
  var agents: Server;
}

export async function start(server: Server, port: number): Promise<void> {
  globalThis.agents = server;
  const httpServer = createServer((request, response) => void handle(request, response));
  const dev = process.env.NODE_ENV === 'development';
  // Next listens for upgrades here, for hot reloading. In production it would leave those open that it does not know.
  const app = next({ dev, dir: import.meta.dirname, port, httpServer: dev ? httpServer : createServer() });
  const handle = app.getRequestHandler();
  await app.prepare();
  await server.attach(httpServer, { path: '/ws', basePath: '/agents' });
  httpServer.listen(port);
}
