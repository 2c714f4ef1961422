import { describeEventLog, type EventLogHarness } from '@ws/conformance';
import { frozenFault, killedFault, OpenedLogs } from '@ws/test-support';
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

  const logs = new OpenedLogs(openNatsLog);
  const openNew = (options: NatsLogOptions = {}) =>
    // The server of the faults comes back with everything.
    logs.open({ url: server.url, prefix: `test_${logs.count}`, onRestart: 'keep', ...options });
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
