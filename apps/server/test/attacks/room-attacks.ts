import { expect } from 'vitest';
import { note } from '../support/events.ts';
import { loneRequest } from './support/lone-request.ts';
import { RawSocket } from './support/raw-socket.ts';
import { bearer, LARGE_FILE, type Held, type Target } from './support/target.ts';
import type { Attack } from './support/under-attack.ts';

/** What a shell gives a process where nothing was set (`ulimit -n`). */
export const FEW_DESCRIPTORS = 1_024;

/** Pages of three connections, and what a collector leaves for later. */
const MAX_GROWTH_BYTES = 160 * 1_024 * 1_024;

/** Descriptors of sockets that were closed while the server was asked how many it has. */
const ON_THE_WAY_OUT = 20;

function request(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`GET ${path} HTTP/1.1`, 'Host: a', ...lines, '', ''].join('\r\n');
}

/** The most descriptors that the server has open until it has cut off all attackers, who close nothing. */
async function mostUntilCutOff(target: Target, atRest: Held): Promise<number> {
  let most = 0;
  await expect
    .poll(async () => {
      const { descriptors, sockets } = await target.held();
      most = Math.max(most, descriptors);
      return Math.max(0, sockets - atRest.sockets);
    })
    .toBe(0);
  return most;
}

async function publishFifteenMegabytes(target: Target, userId: string): Promise<void> {
  for (let n = 0; n < 20; n += 1) {
    const { status } = await target.publish(userId, [{ ...note(n), payload: { large: 'x'.repeat(750_000) } }]);
    expect(status).toBe(200);
  }
}

async function isServed({ url }: Target): Promise<void> {
  expect((await loneRequest(url + LARGE_FILE)).status).toBe(200);
}

/** Sends all of `text` on so many connections, and reads nothing of the answers. */
async function askUnread(target: Target, connections: number, text: string): Promise<readonly RawSocket[]> {
  const sockets = await Promise.all(Array.from({ length: connections }, async () => RawSocket.connect(target.url)));
  for (const socket of sockets) {
    socket.stopReading();
    socket.write(text);
  }
  return sockets;
}

/** Attacks with what little costs to ask for and much to answer. The server has a heap of 128 MiB and 1,024 descriptors. */
export const ROOM_ATTACKS: readonly Attack[] = [
  {
    name: 'a stream of 15 MB, asked for 150 times on one connection, answers unread → cut off',
    prepare: async (target) => publishFifteenMegabytes(target, 'mallory'),
    run: async (target, atRest) => {
      const page = request('/v1/events?limit=1000', bearer(await target.token()));
      const sockets = await askUnread(target, 1, page.repeat(150));
      await mostUntilCutOff(target, atRest);
      for (const socket of sockets) socket[Symbol.dispose]();
    },
  },
  {
    name: 'the same sixteen times on each of three connections → one answer each is made',
    run: async (target, atRest) => {
      const page = request('/v1/events?limit=1000', bearer(await target.token()));
      const sockets = await askUnread(target, 3, page.repeat(16));
      for (let n = 0; n < 10; n += 1) {
        const { residentBytes } = await target.held();
        expect(residentBytes).toBeLessThan(atRest.residentBytes + MAX_GROWTH_BYTES);
      }
      for (const socket of sockets) socket[Symbol.dispose]();
    },
  },
  {
    name: 'a file asked for two thousand times on each of five connections, answers unread → cut off, no file stays open',
    leftToHost: 'pages and demo',
    isMeasured: true,
    prepare: isServed,
    run: async (target, atRest) => {
      const sockets = await askUnread(target, 5, request(LARGE_FILE).repeat(2_000));
      expect(await mostUntilCutOff(target, atRest)).toBeLessThan(atRest.descriptors + 2 * 5 + ON_THE_WAY_OUT);
      for (const socket of sockets) socket[Symbol.dispose]();
    },
  },
  {
    name: 'a file asked for sixteen times on each of a hundred and twenty connections, answers unread → sixty-four files at a time',
    leftToHost: 'pages and demo',
    prepare: isServed,
    run: async (target, atRest) => {
      const sockets = await askUnread(target, 120, request(LARGE_FILE).repeat(16));
      for (let n = 0; n < 20; n += 1) {
        const { descriptors } = await target.held();
        expect(descriptors).toBeLessThan(atRest.descriptors + sockets.length + 64 + ON_THE_WAY_OUT);
      }
      for (const socket of sockets) socket[Symbol.dispose]();
    },
  },
];
