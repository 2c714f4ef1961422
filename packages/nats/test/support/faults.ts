import type { JetStreamClient } from '@nats-io/jetstream';
import type { LogFault } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { withManager } from './jetstream.ts';
import type { NatsServer } from './nats-server.ts';

const BALLAST = 'BALLAST';

/** How a server is filled: with big pieces first, then what is left in small ones. */
const FULL = { name: 'the server has reached its limit', pieces: [262_144, 4_096, 64] };
export const ALMOST_FULL = { name: 'the server has room for small events only', pieces: [262_144] };

/** The server, which was started with a limit, stores no more. `open` opens a log on it. */
export function fullFault(server: () => NatsServer, open: () => Promise<EventLog>, { name, pieces } = FULL): LogFault {
  return {
    name,
    code: 'LOG_FULL',
    open,
    inflict: () =>
      withManager(server(), async (jsm) => {
        await jsm.streams.add({ name: BALLAST, subjects: ['ballast'] });
        for (const bytes of pieces) {
          await publishUntilFull(jsm.jetstream(), 'ballast', new Uint8Array(bytes));
        }
      }),
    heal: () =>
      withManager(server(), async (jsm) => {
        await jsm.streams.delete(BALLAST);
      }),
  };
}

async function publishUntilFull(js: JetStreamClient, subject: string, piece: Uint8Array): Promise<void> {
  for (;;) {
    try {
      await js.publish(subject, piece);
    } catch {
      return;
    }
  }
}
