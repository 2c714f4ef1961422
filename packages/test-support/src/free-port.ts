import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST_PORT = 12_000;
const PORTS = 10_000;

/**
 * A free port below those that the system gives to outgoing connections: a server that is started again finds it free, however
 * many connections were made meanwhile. The bus of a Redis Cluster, 10,000 above, is below them, too.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
