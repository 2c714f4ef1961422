import { setTimeout as sleep } from 'node:timers/promises';
import { publish, tokenFor } from './http.ts';
import { makeTempFolder } from './places.ts';
import { orderFaults, wholeRun } from './runs.ts';
import { Server } from './server.ts';
import { Wire, type WireFrame } from './wire.ts';

const USERS = 50;
const RUNS = 6;

/** Pause between two events of one agent: fifty agents then emit about two hundred events a second. */
export const PAUSE_MS = 250;

export interface FiftyUsers {
  readonly users: number;
  readonly receivedEvents: number;
  readonly expectedEvents: number;
  readonly foreignEvents: number;
  /** From the start of a publish request to the event at the client, in milliseconds. */
  readonly latencies: readonly number[];
  readonly orderFaults: readonly string[];
  readonly runs: number;
}

let measured: Promise<FiftyUsers> | undefined;

/** Fifty users at once on the built server and its SQLite log; measured once for all claims that look at it. */
export function fiftyUsers(): Promise<FiftyUsers> {
  measured ??= measure();
  return measured;
}

async function measure(): Promise<FiftyUsers> {
  using folder = makeTempFolder();
  await using server = await Server.start({ folder: folder.path });
  const { url } = server;
  const names = Array.from({ length: USERS }, (_, n) => `user-${n}`);
  const watched = await Promise.all(
    names.map(async (user) => ({
      user,
      wire: await Wire.open(url, { token: await tokenFor(url, user) }),
      sentAt: new Map<string, number>(),
    })),
  );
  const expected = RUNS * wholeRun('r').length;

  await Promise.all(
    watched.map(async ({ user, sentAt }, place) => {
      await sleep((place / USERS) * PAUSE_MS);
      for (let run = 0; run < RUNS; run += 1) {
        // Runs of all users have the same names: only the stream they go to tells them apart.
        for (const [n, event] of wholeRun(`run-${run}`).entries()) {
          const event_id = `${run}-${n}`;
          await sleep(PAUSE_MS);
          sentAt.set(event_id, performance.now());
          const payload = { ...event.payload, owner: user };
          const { status, code } = await publish(url, user, [{ ...event, event_id, payload }]);
          if (status !== 200) throw new Error(`an event of ${user} was refused: ${status} ${code}`);
        }
      }
    }),
  );
  await Promise.all(
    watched.map(({ user, wire }) => wire.until(() => wire.events.length >= expected, `every event of ${user}`)),
  );
  for (const { wire } of watched) wire.close();

  const received = watched.flatMap(({ user, wire, sentAt }) =>
    wire.frames.flatMap((frame, n) => {
      if (frame.event_id === undefined) return [];
      const sent = sentAt.get(frame.event_id) ?? Number.NaN;
      return [{ user, frame, latency: (wire.arrivedAt[n] ?? Number.NaN) - sent }];
    }),
  );
  return {
    users: USERS,
    runs: USERS * RUNS,
    receivedEvents: received.length,
    expectedEvents: USERS * expected,
    foreignEvents: received.filter(({ user, frame }) => frame.payload?.['owner'] !== user).length,
    latencies: received.map(({ latency }) => latency),
    orderFaults: watched.flatMap(({ user, wire }) => faultsOf(user, wire.events)),
  };
}

function faultsOf(user: string, events: readonly WireFrame[]): readonly string[] {
  const gaps = events.filter(({ offset }, n) => offset !== n + 1);
  const runs = Map.groupBy(events, (event) => String(event['run_id']));
  return [
    ...gaps.map(({ offset }) => `${user}: offset ${offset} is out of order`),
    ...[...runs].flatMap(([runId, ofRun]) => orderFaults(`${user} ${runId}`, ofRun)),
  ];
}
