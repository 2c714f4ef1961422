import { describeEventLog, type EventLogHarness } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { frozenFault, killedFault } from '@ws/test-support';
import { afterAll, beforeAll, describe } from 'vitest';
import { openRedisLog, type RedisLogOptions } from '../src/index.ts';
import { outOfMemoryFault } from './support/faults.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';

describe.skipIf(REDIS.isSkipped)('with a Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start('--appendfsync', 'always');
  });
  afterAll(() => server.stop());

  const prefixes = new Map<EventLog, string>();

  async function open(keyPrefix = `test-${prefixes.size}:`, options: RedisLogOptions = {}): Promise<EventLog> {
    const log = openRedisLog({ url: server.url, keyPrefix, ...options });
    prefixes.set(log, keyPrefix);
    // Connected, so that "from now on" begins for its listeners.
    await log.healthy();
    return log;
  }

  const harness: EventLogHarness = {
    open: () => open(),
    reopen: async (log) => {
      await log.close();
      return open(prefixes.get(log));
    },
    another: (log) => open(prefixes.get(log)),
    faults: [
      killedFault(() => server),
      frozenFault(
        () => server,
        () => open(undefined, { commandTimeoutMs: 300 }),
      ),
      outOfMemoryFault(() => server),
    ],
  };

  describeEventLog('redis', harness, { tellsOtherHandles: true, sharesState: true });
});
