import { createServer } from 'node:http';
import type { AttachOptions, Server } from '@ws/server';

declare global {
  // The build has modules of its own: what it shares with this file is global.
  var agents: Server;
}

/** @param attached - `{ path: '/api/agents/ws' }` where the endpoint answers the calls of HTTP */
export async function start(
  server: Server,
  port: number,
  attached: AttachOptions = { basePath: '/agents' },
): Promise<void> {
  globalThis.agents = server;
  // Behind a proxy that speaks TLS this is not needed: https is the default of adapter-node.
  process.env['ORIGIN'] ??= `http://127.0.0.1:${port}`;
  // The default of adapter-node is 512 kB: less than a large batch of events has.
  process.env['BODY_SIZE_LIMIT'] ??= '8M';
  const { handler } = await import('./build/handler.js');
  const httpServer = createServer(handler);
  await server.attach(httpServer, attached);
  httpServer.listen(port);
}
