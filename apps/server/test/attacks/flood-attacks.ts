import { expect } from 'vitest';
import { note, started } from '../support/events.ts';
import { Peer } from '../support/peer.ts';
import { loneRequest } from './support/lone-request.ts';
import { RawSocket } from './support/raw-socket.ts';
import { upgradeLines } from './support/raw-web-socket.ts';
import { bearer, FLOODING_KEY, type Target } from './support/target.ts';
import type { Attack } from './support/under-attack.ts';

/** Limits of number and rate, small enough for a test. The honest user and publisher, from the same address, fit in. */
export const LOW_LIMITS = {
  WS_MAX_CONNECTIONS_PER_ADDRESS: '20',
  WS_MAX_UNAUTHENTICATED: '8',
  WS_MAX_CONNECTIONS_PER_USER: '4',
  WS_MAX_OPEN_RUNS_PER_USER: '5',
  WS_MAX_PUBLISH_PER_SECOND: '200',
  WS_MAX_FRAMES_PER_SECOND_PER_USER: '20',
  WS_PUBLISHER_LEASE_MS: '2000',
  WS_REQUEST_TIMEOUT_MS: '15000',
  WS_TRUSTED_PROXIES: '127.0.0.3',
};

const streamRequest = (token: string): readonly string[] => [
  'GET /v1/events HTTP/1.1',
  'Host: a',
  'Accept: text/event-stream',
  `Authorization: ${bearer(token)['authorization'] ?? ''}`,
  '',
];

/** Limits of an address hold for all who are behind it: attackers have one of their own. A Mac has none to spare. */
const ELSEWHERE = process.platform === 'darwin' ? undefined : '127.0.0.2';

/** Opens connections one after the other and keeps them, until the server takes no more of them or there are so many. */
async function connectMany(url: string, count: number, lines: readonly string[]): Promise<readonly RawSocket[]> {
  const sockets: RawSocket[] = [];
  while (sockets.length < count) {
    const some = await Promise.allSettled(Array.from({ length: 250 }, async () => RawSocket.connect(url, ELSEWHERE)));
    for (const result of some) if (result.status === 'fulfilled') sockets.push(result.value);
    for (const socket of sockets.slice(-some.length)) socket.lines(...lines);
  }
  return sockets;
}

/** The most sockets that the server holds at a time while `work` goes on. */
async function mostHeldDuring<Result>(target: Target, work: Promise<Result>): Promise<[number, Result]> {
  let isOver = false;
  const end = work.finally(() => (isOver = true));
  let most = 0;
  while (!isOver) most = Math.max(most, (await target.held()).sockets);
  return [most, await end];
}

const FROM_ONE_ADDRESS: readonly Attack[] = [
  {
    name: 'ten thousand connections from one address that say nothing → cut off at once but for a few',
    leftToHost: 'sockets of an address',
    isMeasured: true,
    run: async (target, atRest) => {
      const [most, sockets] = await mostHeldDuring(target, connectMany(target.url, 10_000, []));
      for (const socket of sockets) socket[Symbol.dispose]();
      expect(sockets.length).toBeGreaterThanOrEqual(10_000);
      // Twice what the address may have of WebSockets and event streams, and a hundred; and a few of the publisher, and on the way out.
      expect(most).toBeLessThanOrEqual(atRest.sockets + 150);
    },
  },
  {
    name: 'five hundred WebSockets from one address without a credential → 429 but for a few',
    run: async (target) => {
      const sockets = await connectMany(target.url, 500, [...upgradeLines(target.url), '']);
      try {
        await expect
          .poll(() => sockets.filter(({ statuses, isOpen }) => isOpen && statuses.length === 0).length)
          .toBe(0);
        const taken = sockets.filter(({ statuses }) => statuses[0] === 101);
        expect(taken.length).toBeLessThanOrEqual(8);
        const refused = sockets.filter(({ statuses }) => statuses[0] === 429);
        expect(refused.length).toBeGreaterThan(0);
      } finally {
        for (const socket of sockets) socket[Symbol.dispose]();
      }
    },
  },
  {
    name: 'a hundred event streams of peers who are gone before they begin → the address is not held to them',
    run: async (target) => {
      const lines = streamRequest(await target.token('hasty'));
      for (let n = 0; n < 100; n += 1) {
        using socket = await RawSocket.connect(target.url, ELSEWHERE);
        socket.lines(...lines);
      }
      // An address has room for twenty.
      using last = await RawSocket.connect(target.url, ELSEWHERE);
      last.lines(...lines);
      await last.until(() => last.text.includes('connection_ready'), 'connection_ready');
    },
  },
];

/** Where a proxy stands that is trusted. */
const PROXY = '127.0.0.3';

const BEHIND_A_PROXY: readonly Attack[] = [
  {
    name: 'forty WebSockets of one address behind a proxy that writes their ports, or no address at all → 429 but for twenty',
    run: async (target) => {
      const writes = [
        (n: number) => `203.0.113.7:${30_000 + n}`,
        (n: number) => `[2001:db9::7]:${n}`,
        (n: number) => `_${n}`,
      ];
      for (const written of writes) {
        const sockets: RawSocket[] = [];
        try {
          for (let n = 0; n < 40; n += 1) {
            const socket = await RawSocket.connect(target.url, PROXY);
            sockets.push(socket);
            // Each of a user of its own: a user's connections are limited, too.
            const token = await target.token(`behind-${n}`);
            socket.lines(...upgradeLines(target.url, { token, headers: [`X-Forwarded-For: ${written(n)}`] }), '');
            await socket.until(() => socket.statuses.length > 0, 'an answer');
          }
          expect(sockets.filter(({ statuses }) => statuses[0] === 101)).toHaveLength(20);
          expect(sockets.filter(({ statuses }) => statuses[0] === 429)).toHaveLength(20);
        } finally {
          for (const socket of sockets) socket[Symbol.dispose]();
        }
      }
    },
  },
];

/** Attacks by number. */
export const FLOOD_ATTACKS: readonly Attack[] = [
  ...(ELSEWHERE === undefined ? [] : [...FROM_ONE_ADDRESS, ...BEHIND_A_PROXY]),
  {
    name: 'a hundred connections of one user → the oldest go with 4509',
    run: async (target) => {
      const token = await target.token();
      const peers: Peer[] = [];
      for (let n = 0; n < 100; n += 1) {
        peers.push(await Peer.ready(target.url, { token }));
        if (n >= 4) expect((await peers[n - 4]?.ended())?.code).toBe(4509);
      }
      for (const peer of peers) peer.socket.terminate();
    },
  },
  {
    name: 'five hundred event streams, asked for behind one another on one connection → cut off',
    run: async (target) => {
      using socket = await RawSocket.connect(target.url);
      const lines = streamRequest(await target.token());
      for (let n = 0; n < 500; n += 1) socket.lines(...lines);
      await socket.cutOff();
      await expect.poll(async () => (await target.held()).connections).toBe(1);
    },
  },
  {
    name: 'requests and WebSockets behind an event stream, before and after it has begun → cut off',
    run: async (target) => {
      const lines = streamRequest(await target.token());
      using hasty = await RawSocket.connect(target.url);
      hasty.lines(...lines, ...lines);
      await hasty.cutOff();
      const healthz = ['GET /healthz HTTP/1.1', 'Host: a', ''];
      for (const behind of [healthz, [...upgradeLines(target.url, { token: await target.token() }), '']]) {
        using patient = await RawSocket.connect(target.url);
        patient.lines(...lines);
        await patient.until(() => patient.text.includes('connection_ready'), 'connection_ready');
        patient.lines(...behind);
        await patient.cutOff();
        expect(patient.statuses).toEqual([200]);
      }
      await expect.poll(async () => (await target.held()).connections).toBe(1);
    },
  },
  {
    name: 'five hundred messages at once, each of which would start a run → RUN_LIMIT or 4029',
    run: async (target) => {
      const peer = await Peer.ready(target.url, { token: await target.token('asker') });
      const ask = (n: number) => ({ type: 'user_message', message_id: `m${n}`, payload: { text: 'How many files?' } });
      for (let n = 0; n < 500; n += 1) peer.say(ask(n));
      expect((await peer.ended()).code).toBe(4029);
      expect(peer.frames.filter(({ type }) => type === 'accepted').length).toBeLessThanOrEqual(200);
    },
  },
  {
    name: 'the same over HTTP → RUN_LIMIT or 429',
    run: async (target) => {
      const token = await target.token('caller');
      const seen = new Set<number>();
      for (let n = 0; n < 400; n += 20) {
        const ask = (k: number) => ({
          type: 'user_message',
          message_id: `m${k}`,
          payload: { text: 'How many files?' },
        });
        const some = Array.from({ length: 20 }, async (_, k) => target.post('/v1/frames', ask(n + k), token));
        for (const { status } of await Promise.all(some)) seen.add(status);
      }
      expect([...seen].filter((status) => ![200, 409, 429].includes(status))).toEqual([]);
      expect(seen).toContain(429);
    },
  },
  {
    name: 'runs that a publisher begins and never ends → RUN_LIMIT, and they end as interrupted',
    run: async (target) => {
      const codes = new Set<unknown>();
      for (let n = 0; n < 50; n += 1) {
        const { status, body } = await target.publish('runner', [started(`run-${n}`)], FLOODING_KEY);
        codes.add(status === 200 ? 'taken' : body['code']);
      }
      expect([...codes]).toEqual(['taken', 'RUN_LIMIT']);
      await expect.poll(async () => (await target.held()).openRuns, { timeout: 20_000 }).toBe(0);
    },
  },
  {
    name: 'a key that publishes too much → 429 with Retry-After, other keys are not held up',
    run: async (target) => {
      const batch = Array.from({ length: 500 }, (_, n) => note(n));
      const seen: number[] = [];
      for (let n = 0; n < 20; n += 1) seen.push((await target.publish('reader', batch, FLOODING_KEY)).status);
      expect(seen.filter((status) => status === 429).length).toBeGreaterThan(10);
      expect(new Set(seen)).toEqual(new Set([200, 429]));
    },
  },
  {
    name: 'five thousand requests for what is not there → 404',
    isMeasured: true,
    run: async ({ url }) => {
      for (let n = 0; n < 5_000; n += 50) {
        const some = Array.from({ length: 50 }, async (_, k) => loneRequest(`${url}/wp-admin/${n + k}.php`));
        for (const { status } of await Promise.all(some)) expect(status).toBe(404);
      }
    },
  },
];
