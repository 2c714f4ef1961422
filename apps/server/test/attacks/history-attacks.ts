import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventsAddress } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { signToken } from '../support/tokens.ts';
import { RawSocket } from './support/raw-socket.ts';
import { bearer, type Target } from './support/target.ts';
import type { Attack } from './support/under-attack.ts';

/** Keys may read as much as they can. The log in memory holds five streams of 15 MB here: a heap that is full would be measured, not readers. */
export const FOR_READERS = {
  WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY: '1000000000',
  NODE_OPTIONS: '--max-old-space-size=256',
};

/** How long a flood goes on, in milliseconds. */
const FLOOD_MS = 3_000;
const MIB = 1_048_576;
/** What a refused request costs is what any costs: it is the work of those that are not refused which is measured here. */
const REFUSED_MS = 200;

interface Page {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly bytes: number;
}

/** Asks for a page and passes over what is in it: what the attacker's own process does must not be measured. */
async function askForPage(target: Target, key: string, userId: string): Promise<Page> {
  const url = eventsAddress(target.url, userId, '?limit=1000');
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: bearer(key), agent: false }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.once('error', reject);
      answer.once('end', () => {
        resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], bytes });
      });
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** Fills a stream with 15 MB. */
async function fill(target: Target, userId: string, eventBytes: number): Promise<void> {
  const perRequest = Math.floor(900_000 / eventBytes);
  const event = { type: 'app.file', thread_id: 't1', payload: { text: 'x'.repeat(eventBytes) } };
  const batch = Array<unknown>(perRequest).fill(event);
  for (let n = 0; n < 15; n += 1) {
    const { status, text } = await target.publish(userId, batch);
    expect({ status, text }).toMatchObject({ status: 200 });
  }
}

/** Asks again and again, so many at a time, until the time is over. */
async function floodWith(atOnce: number, ask: () => Promise<Page>): Promise<readonly Page[]> {
  const pages: Page[] = [];
  const until = performance.now() + FLOOD_MS;
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      const page = await ask();
      pages.push(page);
      if (page.status === 429) await pause(REFUSED_MS);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return pages;
}

/** What was answered, and that nobody was given more than ten seconds' worth at once and what came since. */
function expectLimited(pages: readonly Page[]): void {
  expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200, 429]));
  const refused = pages.filter(({ status }) => status === 429);
  expect(refused.every(({ retryAfter }) => Number(retryAfter) >= 1)).toBe(true);
  const bytes = pages.reduce((sum, page) => sum + page.bytes, 0);
  expect(bytes).toBeLessThan((10 + FLOOD_MS / 1_000 + 2) * 2 * MIB);
}

/** Attacks with what a user may do: reading the own history. */
export const HISTORY_ATTACKS: readonly Attack[] = [
  {
    name: 'one reader after whom no pause comes, of a stream of 15 MB → 429 with Retry-After, and no connection is closed',
    isMeasured: true,
    prepare: async (target) => fill(target, 'mallory', 15_000),
    run: async (target) => {
      const token = await target.token();
      const peer = await Peer.ready(target.url, { token });
      expectLimited(await floodWith(1, async () => askForPage(target, token, 'mallory')));
      expect(peer.closed).toBeUndefined();
      await peer.close();
    },
  },
  {
    name: 'two readers after whom no pause comes, where the limit is wide → pages have their turn, and others theirs',
    isMeasured: true,
    prepare: async (target) => {
      for (const user of ['reader-1', 'reader-2']) await fill(target, user, 15_000);
    },
    run: async (target) => {
      // The limit of a key, in these tests: see `FOR_READERS`.
      const read = async (user: string): Promise<void> => {
        const pages = await floodWith(1, async () => askForPage(target, target.honestKey, user));
        expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
        expect(pages.length).toBeGreaterThan(10);
      };
      await Promise.all([read('reader-1'), read('reader-2')]);
    },
  },
  {
    name: 'fifty readers at a time with a token whose threads match nothing → 429, and others connect',
    isMeasured: true,
    prepare: async (target) => fill(target, 'scanner', 1_500),
    run: async (target) => {
      const token = await signToken({ sub: 'scanner', threads: ['none'] });
      const flood = floodWith(50, async () => askForPage(target, token, 'scanner'));
      const modes = await target.modeChanges();
      for (let n = 0; n < 10; n += 1) {
        const other = await Peer.ready(target.url, { token: await target.token(`other-${n}`) });
        await other.close();
      }
      expectLimited(await flood);
      expect(await target.modeChanges()).toBe(modes);
    },
  },
  {
    name: 'a hundred and twenty pages that are not read → two at a time are made',
    prepare: async (target) => fill(target, 'hoarder', 15_000),
    run: async (target) => {
      const token = await target.token('hoarder');
      const before = await target.held();
      const sockets = await Promise.all(Array.from({ length: 120 }, async () => RawSocket.connect(target.url)));
      try {
        const lines = ['GET /v1/events?limit=1000 HTTP/1.1', 'Host: a', `Authorization: Bearer ${token}`, ''];
        for (const socket of sockets) {
          socket.stopReading();
          socket.lines(...lines);
        }
        let most = 0;
        for (let n = 0; n < 20; n += 1) most = Math.max(most, (await target.held()).residentBytes);
        expect(most - before.residentBytes).toBeLessThan(150 * MIB);
      } finally {
        for (const socket of sockets) socket[Symbol.dispose]();
      }
    },
  },
];
