import { createServer } from 'node:http';
import type { AttachOptions, Server } from '@ws/server';
import next from 'next';

declare global {
  // Next bundles route handlers apart from this file: what they share is global.
  var agents: Server;
}

/** @param attached - `{ path: '/api/agents/ws' }` where the route handler answers the calls of HTTP */
export async function start(
  server: Server,
  port: number,
  attached: AttachOptions = { basePath: '/agents' },
): Promise<void> {
  globalThis.agents = server;
  const httpServer = createServer((request, response) => void handle(request, response));
  const dev = process.env.NODE_ENV === 'development';
  // Next listens for upgrades here, for hot reloading. In production it would leave those open that it does not know.
  const app = next({ dev, dir: import.meta.dirname, port, httpServer: dev ? httpServer : createServer() });
  const handle = app.getRequestHandler();
  await app.prepare();
  await server.attach(httpServer, attached);
  httpServer.listen(port);
}
