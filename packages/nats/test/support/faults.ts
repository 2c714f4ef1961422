import type { JetStreamClient } from '@nats-io/jetstream';
import type { LogFault } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { setTimeout as wait } from 'node:timers/promises';
import { withManager } from './jetstream.ts';
import type { NatsServer } from './nats-server.ts';

const BACK_WITHIN_MS = 10_000;

export async function untilHealthy(log: EventLog): Promise<void> {
  const deadline = performance.now() + BACK_WITHIN_MS;
  while (!(await log.healthy())) {
    if (performance.now() > deadline) throw new Error('the log is not back');
    await wait(20);
  }
}

/** `kill -9`, and a start with its files. */
export function killedFault(server: () => NatsServer): LogFault {
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
export function frozenFault(server: () => NatsServer, open: () => Promise<EventLog>): LogFault {
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

const BALLAST = 'BALLAST';

/** The server, which was started with a limit, stores no more. `open` opens a log on it. */
export function fullFault(server: () => NatsServer, open: () => Promise<EventLog>): LogFault {
  return {
    name: 'the server has reached its limit',
    code: 'LOG_FULL',
    open,
    inflict: () =>
      withManager(server(), async (jsm) => {
        await jsm.streams.add({ name: BALLAST, subjects: ['ballast'] });
        // Big pieces first, then what is left in small ones.
        for (const bytes of [262_144, 4_096, 64]) {
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
