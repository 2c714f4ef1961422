import type { Server } from '@ws/server';

/** Starts what Nitro has built, which makes a server of its own. */
export async function start(unused: Server, port: number): Promise<Server> {
  await unused.close({ deadlineMs: 0 });
  process.env['PORT'] = String(port);
  await import('./.output/server/index.mjs');
  return (globalThis as unknown as Record<symbol, Server>)[Symbol.for('hosts:server')];
}
