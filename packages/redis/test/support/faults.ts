import type { LogFault } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { setTimeout as wait } from 'node:timers/promises';
import { command } from './redis-cluster.ts';
import type { RedisServer } from './redis-server.ts';

const BACK_WITHIN_MS = 10_000;

async function untilHealthy(log: EventLog): Promise<void> {
  const deadline = performance.now() + BACK_WITHIN_MS;
  while (!(await log.healthy())) {
    if (performance.now() > deadline) throw new Error('the log is not back');
    await wait(20);
  }
}

/** `kill -9`, and a start with the append-only file. */
export function killedFault(server: () => RedisServer): LogFault {
  return {
    name: 'the server is killed',
    code: 'LOG_UNAVAILABLE',
    inflict: () => server().kill(),
    heal: async (log) => {
      await server().start();
      await untilHealthy(log);
    },
  };
}

/** The server is there, and takes bytes, and says nothing. */
export function frozenFault(server: () => RedisServer, open: () => Promise<EventLog>): LogFault {
  return {
    name: 'the server does not answer',
    code: 'LOG_UNAVAILABLE',
    open,
    inflict: () => server().freeze(),
    heal: async (log) => {
      server().thaw();
      await untilHealthy(log);
    },
  };
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
