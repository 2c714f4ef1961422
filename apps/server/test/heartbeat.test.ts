import { describe, expect, it } from 'vitest';
import { tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';

const HEARTBEAT_MS = 400;
const service = useService({ WS_HEARTBEAT_MS: String(HEARTBEAT_MS) });

describe('heartbeat', () => {
  it('a peer that answers pings stays, however long it says nothing', async () => {
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, freshUser()) });
    expect(peer.frames[0]).toMatchObject({ heartbeat_ms: HEARTBEAT_MS });
    let pings = 0;
    const five = new Promise<void>((resolve) => {
      peer.socket.on('ping', () => {
        pings += 1;
        if (pings === 5) resolve();
      });
    });
    await five;
    expect(peer.closed).toBeUndefined();
    await peer.close();
  });

  it('a peer that answers no ping is closed with 4008', async () => {
    const token = await tokenFor(service.url, freshUser());
    const peer = await Peer.ready(service.url, { token, socket: { autoPong: false } });
    const before = performance.now();
    expect((await peer.ended()).code).toBe(4008);
    expect(peer.frames.at(-1)).toMatchObject({ type: 'error', code: 'HEARTBEAT_TIMEOUT', fatal: true });
    // Two intervals of silence, looked at once per interval, by a clock that ticks every quarter of a second.
    expect(performance.now() - before).toBeLessThan(4 * HEARTBEAT_MS + 1_000);
  });

  it('a peer that sends frames is not silent, even if it answers no ping', async () => {
    const token = await tokenFor(service.url, freshUser());
    const peer = await Peer.ready(service.url, { token, socket: { autoPong: false } });
    let pings = 0;
    const five = new Promise<void>((resolve) => {
      peer.socket.on('ping', () => {
        peer.say({ type: 'ack', offset: 0 });
        pings += 1;
        if (pings === 5) resolve();
      });
    });
    await five;
    expect(peer.closed).toBeUndefined();
    peer.socket.terminate();
  });
});
