import type { Server as HttpServer } from 'node:http';
import { serve } from '@hono/node-server';
import type { Server } from '@ws/server';
import { Hono } from 'hono';

export async function start(server: Server, port: number): Promise<void> {
  const app = new Hono();
  app.get('/own', (context) => context.text('own'));
  const httpServer = serve({ fetch: app.fetch, port }) as HttpServer;
  await server.attach(httpServer, { basePath: '/agents' });
}
