import { createServer } from 'node:http';
import type { Server } from '@ws/server';
import express from 'express';

export async function start(server: Server, port: number): Promise<void> {
  const app = express();
  app.get('/own', (_request, response) => void response.send('own'));
  const httpServer = createServer(app);
  await server.attach(httpServer, { basePath: '/agents' });
  httpServer.listen(port);
}
