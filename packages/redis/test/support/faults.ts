import type { LogFault } from '@ws/conformance';
import { command } from './redis-cluster.ts';
import type { RedisServer } from './redis-server.ts';

/** No byte is left of what the server may use. */
export function outOfMemoryFault(server: () => RedisServer): LogFault {
  return {
    name: 'the server is out of memory',
    code: 'LOG_FULL',
    inflict: async () => {
      await command(server(), 'CONFIG', 'SET', 'maxmemory', '1');
    },
    heal: async () => {
      await command(server(), 'CONFIG', 'SET', 'maxmemory', '0');
    },
  };
}
