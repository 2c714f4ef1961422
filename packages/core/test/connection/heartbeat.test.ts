import { describe, expect, it } from 'vitest';
import { setUp } from '../support/world.ts';

const BEAT = 25_000;

describe('the heartbeat', () => {
  it('pings every interval, and cuts a peer that was silent for two', async () => {
    const { connected, clock, hub } = setUp();
    const tab = await connected('alice');
    await clock.advance(BEAT);
    expect([tab.pings, tab.closedWith]).toEqual([1, undefined]);
    await clock.advance(BEAT);
    expect(tab.frames.at(-1)).toMatchObject({ code: 'HEARTBEAT_TIMEOUT', fatal: true });
    expect(tab.closedWith?.code).toBe(4008);
    expect(hub.manager({ userId: 'alice' }).connections).toEqual([]);
  });

  it('takes a pong and any message for a sign of life', async () => {
    const { connected, clock } = setUp();
    const [ponging, asking] = [await connected('alice'), await connected('alice')];
    for (let i = 0; i < 10; i += 1) {
      await clock.advance(BEAT);
      ponging.session.heard();
      asking.say({ type: 'ack', offset: 0 });
    }
    expect([ponging.closedWith, asking.closedWith, ponging.pings]).toEqual([undefined, undefined, 10]);
  });

  it('stops with the connection', async () => {
    const { connected, clock } = setUp();
    const tab = await connected('alice');
    tab.cut();
    await clock.advance(10 * BEAT);
    expect([tab.pings, tab.closedWith]).toEqual([0, undefined]);
  });

  it('is told to the client, and can be set', async () => {
    const { connected, clock } = setUp({ tuning: { heartbeatMs: 1_000 } });
    const tab = await connected('alice');
    expect(tab.frames[0]).toMatchObject({ heartbeat_ms: 1_000 });
    await clock.advance(2_000);
    expect(tab.closedWith?.code).toBe(4008);
  });
});
