import { expect } from 'vitest';
import { note } from '../support/events.ts';
import { frame } from './support/frames.ts';
import { endless, onMany } from './support/many.ts';
import { RawSocket } from './support/raw-socket.ts';
import { RawWebSocket, upgradeLines } from './support/raw-web-socket.ts';
import { bearer, FLOODING_KEY, type Held, type Target } from './support/target.ts';
import type { Attack } from './support/under-attack.ts';

/** Limits of time, short enough for a test. */
export const SHORT_TIMES = {
  WS_REQUEST_TIMEOUT_MS: '2400',
  WS_HELLO_TIMEOUT_MS: '1000',
  WS_HEARTBEAT_MS: '1000',
  WS_MAX_LAG_MS: '1000',
};

/** With a key: without one no body is waited for. */
const POST = [
  'POST /v1/users/mallory/events HTTP/1.1',
  'Host: a',
  'Content-Type: application/json',
  `X-API-Key: ${FLOODING_KEY}`,
];

const LARGE = 'x'.repeat(100_000);

/** Publishes far more to a user than the operating system holds for a peer that does not read. */
async function publishMuch(target: Target, userId: string): Promise<void> {
  for (let n = 0; n < 120; n += 1) {
    const { status } = await target.publish(userId, [{ ...note(n), payload: { LARGE } }]);
    expect(status).toBe(200);
  }
}

/** The server holds nothing of the attacker's any more, who has closed nothing. */
async function isRidOfAll(target: Target, atRest: Held): Promise<void> {
  await expect
    .poll(
      async () => {
        const { connections, sockets } = await target.held();
        return { connections, moreSockets: Math.max(0, sockets - atRest.sockets) };
      },
      { timeout: 10_000 },
    )
    .toEqual({ connections: 1, moreSockets: 0 });
}

/** Attacks that take time: peers that say too little, or listen too little. */
export const SLOW_ATTACKS: readonly Attack[] = [
  {
    name: 'connections that say nothing → 408, closed',
    leftToHost: 'slow heads and bodies',
    run: async ({ url }) =>
      onMany(url, 100, async (socket) => {
        await socket.cutOff();
        expect(socket.statuses).toEqual([408]);
      }),
  },
  {
    name: 'slowloris: headers that never end → 408, closed',
    leftToHost: 'slow heads and bodies',
    run: async ({ url }) =>
      onMany(url, 50, async (socket) => {
        socket.lines('GET /healthz HTTP/1.1', 'Host: a');
        await socket.drip(endless((n) => `X-${n}: a\r\n`));
        await socket.cutOff();
        expect(socket.statuses).toEqual([408]);
      }),
  },
  {
    name: 'a body that never ends, byte by byte → 408, closed',
    leftToHost: 'slow heads and bodies',
    run: async ({ url }) =>
      onMany(url, 50, async (socket) => {
        socket.lines(...POST, 'Content-Length: 60000', '');
        await socket.drip(endless(() => '{'));
        await socket.cutOff();
        expect(socket.statuses).toEqual([408]);
      }),
  },
  {
    name: 'a chunked body that never ends, byte by byte → 408, closed',
    leftToHost: 'slow heads and bodies',
    run: async ({ url }) =>
      // As many as a key may have under way.
      onMany(url, 16, async (socket) => {
        socket.lines(...POST, 'Transfer-Encoding: chunked', '');
        await socket.drip(endless(() => '1\r\n{\r\n'));
        await socket.cutOff();
        expect(socket.statuses).toEqual([408]);
      }),
  },
  {
    name: 'a WebSocket handshake that is half open → 408, closed',
    leftToHost: 'slow heads and bodies',
    run: async ({ url }) =>
      onMany(url, 50, async (socket) => {
        socket.lines(...upgradeLines(url));
        await socket.cutOff();
        expect(socket.statuses).toEqual([408]);
      }),
  },
  {
    name: 'a connection that never says hello → 4008',
    run: async ({ url }) => {
      using it = await RawWebSocket.open(url);
      expect(await it.closeCode()).toBe(4008);
    },
  },
  {
    name: 'a hello that never ends, in fragments → 4008',
    run: async ({ url }) => {
      using it = await RawWebSocket.open(url);
      it.send(1, '{"type":"hello"', { fin: false });
      const drip = it.socket.drip(endless(() => frame(0, ' ', { fin: false })));
      expect(await it.closeCode()).toBe(4008);
      await drip;
    },
  },
  {
    name: 'a peer that is gone without a word: answers no ping → cut off',
    run: async (target) => {
      using it = await RawWebSocket.ready(target.url, { token: await target.token() });
      await it.socket.cutOff();
      expect(it.text).toContain('HEARTBEAT_TIMEOUT');
    },
  },
  {
    name: 'a peer that stops reading, and answers no ping → cut off',
    run: async (target, atRest) => {
      using it = await RawWebSocket.ready(target.url, { token: await target.token('deaf') });
      it.socket.stopReading();
      await publishMuch(target, 'deaf');
      await isRidOfAll(target, atRest);
    },
  },
  {
    name: 'a peer that stops reading and sends pongs all the same → cut off',
    run: async (target, atRest) => {
      using it = await RawWebSocket.ready(target.url, { token: await target.token('deaf') });
      it.socket.stopReading();
      await publishMuch(target, 'deaf');
      const isGone = isRidOfAll(target, atRest);
      await Promise.race([isGone, it.socket.drip(endless(() => frame(10)))]);
      await isGone;
    },
  },
  {
    name: 'an event stream that is not read → closed and cut off',
    run: async (target, atRest) => {
      using socket = await RawSocket.connect(target.url);
      const { authorization } = bearer(await target.token('deaf'));
      socket.lines(
        'GET /v1/events HTTP/1.1',
        'Host: a',
        'Accept: text/event-stream',
        `Authorization: ${authorization}`,
        '',
      );
      await socket.until(() => socket.text.includes('connection_ready'), 'connection_ready');
      socket.stopReading();
      await publishMuch(target, 'deaf');
      await isRidOfAll(target, atRest);
    },
  },
  {
    name: 'answers that are not read → cut off',
    leftToHost: 'unread answers',
    run: async (target, atRest) => {
      using socket = await RawSocket.connect(target.url);
      socket.stopReading();
      // Many at once, so that what waits for the peer is more than the operating system holds.
      const flood = socket.flood('GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n', 2_000);
      await isRidOfAll(target, atRest);
      socket[Symbol.dispose]();
      await flood;
    },
  },
];
