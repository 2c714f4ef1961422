import type { Server } from '@ws/server';

export async function start(server: Server, port: number): Promise<void> {
  await server.listen({ port, fallback: (_request, response) => void response.end('own') });
}
