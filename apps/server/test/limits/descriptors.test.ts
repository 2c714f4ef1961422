import { join } from 'node:path';
import { expect, it } from 'vitest';
import { descriptorRoom } from '@ws/server/src/limits/descriptors.ts';
import { RawSocket } from '../attacks/support/raw-socket.ts';
import { note } from '../support/events.ts';
import { tokenFor } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { ServerProcess } from '../support/server-process.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

it.each([
  [50_000, Infinity, { sockets: 51_000, connections: 50_000, files: 64 }],
  [50_000, 65_536, { sockets: 51_000, connections: 50_000, files: 64 }],
  [50_000, 1_024, { sockets: 860, connections: 645, files: 64 }],
  [50_000, 128, { sockets: 64, connections: 48, files: 16 }],
  [2, 1_024, { sockets: 860, connections: 2, files: 64 }],
  [2, Infinity, { sockets: 1_002, connections: 2, files: 64 }],
])('for %d connections and %d descriptors there is room for %o', (wanted, allowed, room) => {
  expect(descriptorRoom(wanted, allowed)).toEqual(room);
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
