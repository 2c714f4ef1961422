import { describeEventLog, type EventLogHarness } from '@ws/conformance';
import { frozenFault, killedFault, OpenedLogs } from '@ws/test-support';
import { afterAll, beforeAll, describe } from 'vitest';
import { openRedisLog, type RedisLogOptions } from '../src/index.ts';
import { almostOutOfMemoryFault, outOfMemoryFault } from './support/faults.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';
import { Rollbacks } from './support/rollbacks.ts';

describe.skipIf(REDIS.isSkipped)('with a Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start('--appendfsync', 'always');
  });
  afterAll(() => server.stop());

  const logs = new OpenedLogs(openRedisLog);
  const openNew = (options: RedisLogOptions = {}) =>
    logs.open({ url: server.url, keyPrefix: `test-${logs.count}:`, ...options });
  const rollbacks = new Rollbacks((options) => logs.open(options));

  const harness: EventLogHarness = {
    open: () => openNew(),
    reopen: (log) => logs.reopen(log),
    another: (log) => logs.another(log),
    faults: [
      killedFault(() => server),
      frozenFault(
        () => server,
        () => openNew({ commandTimeoutMs: 300 }),
      ),
      outOfMemoryFault(() => server),
      almostOutOfMemoryFault(() => server),
    ],
    rollbacks: rollbacks.all,
    destroy: (log) => rollbacks.end(log),
  };

  describeEventLog('redis', harness, { tellsOtherHandles: true, sharesState: true });
});
