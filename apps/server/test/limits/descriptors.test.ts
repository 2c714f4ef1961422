import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { descriptorsForClients, socketRoom } from '../../src/limits/descriptors.ts';
import { RawSocket } from '../attacks/support/raw-socket.ts';
import { note } from '../support/events.ts';
import { tokenFor } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { ServerProcess } from '../support/server-process.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

describe('the descriptors of a process', () => {
  it.each([
    [1_024, 924],
    [65_536, 65_436],
    [128, 64],
    [Infinity, Infinity],
  ])('of %d, clients may take %d', (allowed, forClients) => {
    expect(descriptorsForClients(allowed).limit).toBe(forClients);
  });

  it.each([
    [50_000, 65_436, { sockets: 51_000, connections: 50_000 }],
    [50_000, 924, { sockets: 924, connections: 693 }],
    [2, 924, { sockets: 924, connections: 2 }],
    [2, Infinity, { sockets: 1_002, connections: 2 }],
  ])('for %d connections and %d descriptors there is room for %o', (wanted, descriptors, room) => {
    expect(socketRoom(wanted, descriptors)).toEqual(room);
  });

  it('are counted until what holds them is closed, and files leave some to sockets', () => {
    const descriptors = descriptorsForClients(20);
    const files = Array.from({ length: 10 }, () => new EventEmitter()).filter((file) => descriptors.open(file));
    expect(files.length).toBe(8);
    expect([1, 2, 3].map(() => descriptors.enter(new EventEmitter()))).toEqual([true, true, false]);
    files[0]?.emit('close');
    expect([1, 2].map(() => descriptors.enter(new EventEmitter()))).toEqual([true, false]);
  });
});

it.skipIf(process.platform === 'win32')(
  'with few descriptors, sockets over them are closed at once, and events are written and delivered all the same',
  { timeout: 30_000 },
  async () => {
    using folder = makeTempFolder();
    const env = { WS_LOG_URL: `sqlite:${join(folder.path, 'events.db')}`, WS_LOG_LEVEL: 'info' };
    await using server = await ServerProcess.start({ cwd: folder.path, env, descriptors: 160 });
    const { url } = server;
    const alice = await Peer.ready(url, { token: await tokenFor(url, 'alice') });
    // A publisher that was there before, on a connection that stays open.
    using publisher = await RawSocket.connect(url);
    const sockets = await Promise.all(Array.from({ length: 200 }, async () => RawSocket.connect(url)));
    await expect.poll(() => sockets.filter(({ isOpen }) => !isOpen).length).toBeGreaterThan(200 - 80);
    for (let n = 1; n <= 20; n += 1) {
      const body = JSON.stringify({ events: [note(n)] });
      const headers = [
        'Host: localhost',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        'X-API-Key: dev-key',
      ];
      publisher.write(['POST /v1/users/alice/events HTTP/1.1', ...headers, '', body].join('\r\n'));
      await publisher.until(() => publisher.statuses.length === n, 'the answer');
    }
    expect(new Set(publisher.statuses)).toEqual(new Set([200]));
    await expect.poll(() => alice.events.length).toBe(20);
    for (const socket of sockets) socket[Symbol.dispose]();
    const bob = await Peer.ready(url, { token: await tokenFor(url, 'bob') });
    for (const { socket } of [alice, bob]) socket.terminate();
    expect(server.stderr).not.toContain('EMFILE');
  },
);
