import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@ws/core/log';
import { isWebSocketError } from '@ws/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawSocket } from '../attacks/support/raw-socket.ts';
import { ReadLimit, type Reader } from '@ws/server/src/limits/read-limit.ts';
import { Turns } from '@ws/server/src/limits/turns.ts';

const reader: Reader = { kind: 'user', id: 'alice' };

describe('pages of a reader', () => {
  let server: Server;
  let url: string;
  let refused: string[];
  /** Makes the page that was asked for first of those that are under way. */
  let makeNext: (() => void)[];
  let begun: number;

  beforeEach(async () => {
    refused = [];
    makeNext = [];
    begun = 0;
    const limit = new ReadLimit({
      userBytesPerSecond: 1_000_000,
      keyBytesPerSecond: 1_000_000,
      pages: 2,
      isStrained: () => false,
      turns: new Turns(systemClock),
      onRefused: (what) => void refused.push(what),
    });
    server = createServer((_request, response) => {
      const make = async () => {
        begun += 1;
        await new Promise<void>((resolve) => makeNext.push(resolve));
        return { bytesRead: 10 };
      };
      limit.page(reader, response, make).then(
        () => response.end('made'),
        (error: unknown) => {
          response.statusCode = isWebSocketError(error) ? 429 : 500;
          response.end();
        },
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = async (): Promise<RawSocket> => {
    const socket = await RawSocket.connect(url);
    socket.lines('GET / HTTP/1.1', 'Host: localhost', '');
    return socket;
  };

  it('are made two at a time; further ones wait for a place, and when too many wait one is refused', async () => {
    const sockets: RawSocket[] = [];
    for (let n = 0; n < 19; n += 1) sockets.push(await ask());
    await expect.poll(() => sockets.filter(({ statuses }) => statuses[0] === 429).length).toBe(1);
    expect(refused).toEqual(['history_pages']);
    await expect.poll(() => begun).toBe(2);
    for (let made = 1; made <= 18; made += 1) {
      await expect.poll(() => makeNext.length).toBeGreaterThan(0);
      makeNext.shift()?.();
      await expect.poll(() => sockets.filter(({ statuses }) => statuses[0] === 200).length).toBe(made);
    }
    expect(begun).toBe(18);
  });

  it('a place is free again when its peer is gone, also where another answer stands before it', async () => {
    using first = await ask();
    first.lines('GET / HTTP/1.1', 'Host: localhost', '');
    await expect.poll(() => begun).toBe(2);
    using third = await ask();
    first[Symbol.dispose]();
    await expect.poll(() => begun).toBe(3);
    for (const make of makeNext) make();
    await third.until(() => third.statuses[0] === 200, 'the page');
  });
});
