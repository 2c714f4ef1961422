import type { Server } from '@ws/server';
import Fastify from 'fastify';

export async function start(server: Server, port: number): Promise<void> {
  const app = Fastify();
  app.get('/own', () => 'own');
  await server.attach(app.server, { basePath: '/agents' });
  await app.listen({ port });
}
