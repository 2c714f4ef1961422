import type { LogFault } from '@ws/conformance';
import { command } from './redis-cluster.ts';
import type { RedisServer } from './redis-server.ts';

/** The server has room for small events, and not for large ones. */
export function almostOutOfMemoryFault(server: () => RedisServer): LogFault {
  return {
    name: 'the server is near its memory limit',
    code: 'LOG_FULL',
    inflict: async () => {
      await limitMemory(server(), 300_000);
    },
    heal: async () => {
      await command(server(), 'CONFIG', 'SET', 'maxmemory', '0');
    },
  };
}

/** Leaves the server so many bytes beyond what it uses now. */
export async function limitMemory(server: RedisServer, roomBytes: number): Promise<void> {
  const used = /^used_memory:(\d+)/m.exec(String(await command(server, 'INFO', 'memory')))?.[1];
  await command(server, 'CONFIG', 'SET', 'maxmemory', String(Number(used) + roomBytes));
}

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
