import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wholeRun } from './support/events.ts';
import { mustPublish, tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder } from './support/temp-folder.ts';

const USERS = 50;
const RUNS = 4;

/** One user with a tab open, and when each of its events was sent and came in. */
interface Watched {
  readonly user: string;
  readonly peer: Peer;
  readonly sentAt: Map<string, number>;
  readonly receivedAt: Map<string, number>;
}

async function watch(url: string, user: string): Promise<Watched> {
  const peer = await Peer.ready(url, { token: await tokenFor(url, user) });
  const receivedAt = new Map<string, number>();
  peer.socket.on('message', () => {
    const id = peer.events.at(-1)?.event_id;
    if (id !== undefined && !receivedAt.has(id)) receivedAt.set(id, performance.now());
  });
  return { user, peer, sentAt: new Map(), receivedAt };
}

async function work(url: string, { user, sentAt }: Watched): Promise<void> {
  for (let run = 0; run < RUNS; run += 1) {
    // Every user has runs of the same names: only the stream they are published to tells them apart.
    for (const [n, event] of wholeRun(`run-${run}`).entries()) {
      const event_id = `${run}-${n}`;
      const payload = { ...event.payload, owner: user };
      sentAt.set(event_id, performance.now());
      await mustPublish(url, user, [{ ...event, event_id, payload }]);
    }
  }
}

it(`${USERS} users at once: each sees its own events, all of them, in order`, { timeout: 60_000 }, async () => {
  using folder = makeTempFolder();
  const env = { WS_LOG_URL: `sqlite:${join(folder.path, 'events.db')}` };
  await using server = await ServerProcess.start({ cwd: folder.path, env });
  const { url } = server;
  const watched = await Promise.all(Array.from({ length: USERS }, (_, n) => watch(url, `user-${n}`)));
  await Promise.all(watched.map((one) => work(url, one)));

  const expected = Array.from({ length: RUNS }, (_, run) => wholeRun(`run-${run}`)).flat();
  for (const { user, peer } of watched) {
    await peer.until(() => peer.events.length >= expected.length, `all events of ${user}`, 20_000);
    expect(peer.events.filter(({ payload }) => payload['owner'] !== user)).toEqual([]);
    expect(peer.events.map(({ offset }) => offset)).toEqual(expected.map((_, index) => index + 1));
    expect(peer.events.map(({ type, run_id }) => [type, run_id])).toEqual(
      expected.map(({ type, run_id }) => [type, run_id]),
    );
    peer.socket.terminate();
  }
  const times = watched
    .flatMap(({ sentAt, receivedAt }) => [...sentAt].map(([id, sent]) => (receivedAt.get(id) ?? Infinity) - sent))
    .sort((a, b) => a - b);
  const at = (share: number): string => `${times[Math.floor((times.length - 1) * share)]?.toFixed(1)} ms`;
  console.log(`publish to receive, ${times.length} events: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`);
});
