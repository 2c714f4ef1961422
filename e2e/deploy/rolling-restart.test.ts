import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { note } from '../../apps/server/test/support/events.ts';
import { eventsAddress, withKey } from '../../apps/server/test/support/http.ts';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { signToken } from '../../apps/server/test/support/tokens.ts';
import { freePort } from '../../packages/test-support/src/index.ts';
import { BackgroundProgram } from './support/background-program.ts';
import { REDIS } from './support/programs.ts';
import { RollingNodes } from './support/rolling-nodes.ts';
import { WatchedTab } from './support/watched-tab.ts';

const USERS = 10;
const TABS_PER_USER = 5;
/** Between two events of one user. */
const PAUSE_MS = 40;
const RETRY_MS = 25;

it.skipIf(REDIS.isSkipped)(
  'three nodes are restarted one after the other under load, and nothing is lost',
  async () => {
    using folder = makeTempFolder();
    const port = await freePort();
    const settings = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder.path,
      '--save',
      '',
      '--appendonly',
      'yes',
    ];
    await using _redis = await BackgroundProgram.start(REDIS.path, settings, port);
    await using nodes = await RollingNodes.start(3, folder.path, `redis://127.0.0.1:${port}`);

    const users = Array.from({ length: USERS }, (_, n) => `user-${n}`);
    const tabs = new Map<string, readonly WatchedTab[]>();
    for (const user of users) {
      const token = await signToken({ sub: user });
      tabs.set(
        user,
        Array.from({ length: TABS_PER_USER }, () => new WatchedTab(() => nodes.next(), token)),
      );
    }
    const all = [...tabs.values()].flat();

    const stop = new AbortController();
    const publishing = Promise.all(users.map(async (user) => publishUntil(stop.signal, () => nodes.next(), user)));
    try {
      await expect.poll(() => all.every(({ numbers }) => numbers.length > 0), { timeout: 20_000 }).toBe(true);
      await nodes.restartAll(async () => wait(200));
      stop.abort();
      const published = new Map(await publishing);
      for (const [user, count] of published) {
        const expected = Array.from({ length: count }, (_, n) => n + 1);
        for (const tab of tabs.get(user) ?? []) {
          await expect.poll(() => tab.numbers.at(-1), { timeout: 20_000 }).toBe(count);
          expect(tab.numbers).toEqual(expected);
        }
      }
      const away = all.flatMap((tab) => tab.away).sort((a, b) => a - b);
      // Each was on each node that went away, or on another one: at least once in all, every tab was sent away.
      expect(away.length).toBeGreaterThanOrEqual(all.length);
      console.log(
        `${all.length} tabs were away ${away.length} times: p50 ${at(away, 0.5)} ms, p99 ${at(away, 0.99)} ms, longest ${at(away, 1)} ms; ` +
          `${[...published.values()].reduce((sum, count) => sum + count, 0)} events of ${USERS} users, none lost and none repeated in any tab`,
      );
    } finally {
      stop.abort();
      for (const tab of all) tab.close();
    }
  },
);

/** Publishes numbered events, each until a node has taken it. Answers how many there were. */
async function publishUntil(
  stopped: AbortSignal,
  next: () => string,
  user: string,
): Promise<readonly [string, number]> {
  let n = 0;
  while (!stopped.aborted) {
    n += 1;
    while (!(await publishOnce(next(), user, n))) await wait(RETRY_MS);
    await wait(PAUSE_MS);
  }
  return [user, n];
}

/** False if it has to be tried again, under the same id. Throws if that would not help. */
async function publishOnce(url: string, user: string, n: number): Promise<boolean> {
  try {
    const response = await fetch(eventsAddress(url, user), {
      method: 'POST',
      headers: { ...withKey, 'content-type': 'application/json' },
      body: JSON.stringify({ events: [{ ...note(n), event_id: `${user}-${n}` }] }),
      signal: AbortSignal.timeout(5_000),
    });
    const text = await response.text();
    if (response.ok || response.status >= 500) return response.ok;
    throw new Refused(`publishing was refused with ${response.status}: ${text}`);
  } catch (error) {
    if (error instanceof Refused) throw error;
    return false;
  }
}

class Refused extends Error {}

function at(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}
