import type { Server } from '@ws/server';
import { agentHooks } from '@ws/server/crossws';
import { serve } from 'crossws/server';
import { Hono } from 'hono';

export async function start(server: Server, port: number): Promise<void> {
  const app = new Hono();
  app.get('/own', (context) => context.text('own'));
  app.all('/agents/*', ({ req }) => server.fetch(req.raw, { basePath: '/agents' }));
  const hooks = agentHooks(server);
  const none = { upgrade: () => new Response('not found', { status: 404 }) };
  const resolve = (request: Request) => (new URL(request.url).pathname === '/agents/ws' ? hooks : none);
  await serve({ port, fetch: app.fetch, websocket: { resolve }, silent: true }).ready();
}
