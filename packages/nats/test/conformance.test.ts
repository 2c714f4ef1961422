import { describeEventLog, type EventLogHarness } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { frozenFault, killedFault } from '@ws/test-support';
import { afterAll, beforeAll, describe } from 'vitest';
import { openNatsLog, type NatsLogOptions } from '../src/index.ts';
import { ALMOST_FULL, fullFault } from './support/faults.ts';
import { NATS } from './support/nats-program.ts';
import { NatsServer } from './support/nats-server.ts';
import { Rollbacks } from './support/rollbacks.ts';

describe.skipIf(NATS.isSkipped)('with a NATS server', () => {
  let server: NatsServer;
  let limited: NatsServer;
  beforeAll(async () => {
    server = await NatsServer.start();
    limited = await NatsServer.start('jetstream { max_file_store: 16MB }');
  });
  afterAll(async () => {
    await Promise.all([server, limited].map((one) => one.stop()));
  });

  const optionsOf = new Map<EventLog, NatsLogOptions>();

  async function open(options: NatsLogOptions): Promise<EventLog> {
    const log = openNatsLog(options);
    optionsOf.set(log, options);
    // Connected, so that "from now on" begins for its listeners.
    await log.healthy();
    return log;
  }

  let opened = 0;
  const openNew = (options: NatsLogOptions = {}) =>
    // The server of the faults comes back with everything.
    open({ url: server.url, prefix: `test_${(opened += 1)}`, onRestart: 'keep', ...options });
  const openSame = (log: EventLog) => open(optionsOf.get(log) ?? {});

  const rollbacks = new Rollbacks(open);

  const harness: EventLogHarness = {
    open: () => openNew(),
    reopen: async (log) => {
      await log.close();
      return openSame(log);
    },
    another: openSame,
    faults: [
      killedFault(() => server),
      frozenFault(
        () => server,
        () => openNew({ commandTimeoutMs: 300 }),
      ),
      ...[undefined, ALMOST_FULL].map((how) =>
        fullFault(
          () => limited,
          () => openNew({ url: limited.url }),
          how,
        ),
      ),
    ],
    losses: [
      {
        name: 'the server lost its data',
        inflict: async () => {
          await server.kill();
          server.deleteData();
        },
        heal: () => server.start(),
      },
    ],
    rollbacks: rollbacks.all,
    destroy: (log) => rollbacks.end(log),
  };

  describeEventLog('nats', harness, {
    denseOffsets: false,
    tellsOtherHandles: true,
    findsAged: true,
    sharesState: true,
  });
});
