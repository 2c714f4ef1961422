import type { Server } from '@ws/server';
import { agentHooks } from '@ws/server/crossws';
import { plugin as webSockets } from 'crossws/server';
import { defineWebSocketHandler, H3, serve } from 'h3';

export async function start(server: Server, port: number): Promise<void> {
  const app = new H3();
  app.get('/own', () => 'own');
  app.get('/agents/ws', defineWebSocketHandler(agentHooks(server)));
  app.all('/agents/**', ({ req }) => server.fetch(req, { basePath: '/agents' }));
  await serve(app, { port, plugins: [webSockets({})], silent: true }).ready();
}
