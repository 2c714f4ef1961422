import { describe, expect, it } from 'vitest';
import { BURST_SECONDS, InboundLimit } from '../../src/stream/inbound-limit.ts';
import { FakeClock, type FakeSocket } from '../../src/testing.ts';
import { framesOf, setUp } from '../support/world.ts';

const RATES = { framesPerSecond: 2, bytesPerSecond: 100 };
const BURST = RATES.framesPerSecond * BURST_SECONDS;

describe('the buckets', () => {
  it('hold ten seconds of quiet, and one frame more is one too many', () => {
    const limit = new InboundLimit(RATES, new FakeClock());
    for (let n = 0; n < BURST; n += 1) expect(limit.take(1)).toBeUndefined();
    expect(limit.take(1)).toBe('frames');
  });

  it('count bytes as well', () => {
    const limit = new InboundLimit(RATES, new FakeClock());
    expect(limit.take(1_000)).toBeUndefined();
    expect(limit.take(1)).toBe('bytes');
    // A ping has no bytes that count.
    expect(limit.take(0)).toBeUndefined();
  });

  it('fill with time, and not over', async () => {
    const clock = new FakeClock();
    const limit = new InboundLimit(RATES, clock);
    for (let n = 0; n < BURST; n += 1) limit.take(1);
    await clock.advance(500);
    expect([limit.take(1), limit.take(1)]).toEqual([undefined, 'frames']);
    await clock.advance(3_600_000);
    for (let n = 0; n < BURST; n += 1) expect(limit.take(1)).toBeUndefined();
    expect(limit.take(1)).toBe('frames');
  });

  it('take nothing for what they refuse: a peer that goes on is not kept out for longer', async () => {
    const clock = new FakeClock();
    const limit = new InboundLimit(RATES, clock);
    for (let n = 0; n < 10 * BURST; n += 1) limit.take(1);
    await clock.advance(500);
    expect(limit.take(1)).toBeUndefined();
  });
});

function say(socket: FakeSocket, count: number): void {
  for (let n = 0; n < count; n += 1) socket.say({ type: 'ping', id: String(n) });
}

describe('a connection that sends too much', () => {
  it('is closed with 4029 at the first frame over the limit', async () => {
    const { clock, hub, connected } = setUp({ limits: { inboundRates: RATES } });
    const tab = await connected('alice');
    // hello was the first.
    say(tab, BURST - 1);
    await clock.settle();
    expect(framesOf(tab, 'pong')).toHaveLength(BURST - 1);
    expect(tab.closedWith).toBeUndefined();
    say(tab, 1);
    await clock.settle();
    expect(tab.closedWith).toMatchObject({ code: 4029 });
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'RATE_LIMITED', fatal: true }]);
    expect(framesOf(tab, 'error')[0]?.['message']).toContain('2 frames per second');
    expect(hub.stats()).toMatchObject({ rateLimited: 1, connections: 0 });
  });

  it('goes on for ever at the rate that is allowed', async () => {
    const { clock, connected } = setUp({ limits: { inboundRates: RATES } });
    const tab = await connected('alice');
    for (let n = 0; n < 100; n += 1) {
      say(tab, 2);
      await clock.advance(1_000);
    }
    expect(tab.closedWith).toBeUndefined();
    expect(framesOf(tab, 'pong')).toHaveLength(200);
  });

  it('counts bytes by their length on the wire', async () => {
    const { clock, connected } = setUp({ limits: { inboundRates: RATES } });
    const tab = await connected('alice');
    tab.session.receive('{"type":"ping"}', 2_000);
    await clock.settle();
    expect(tab.closedWith).toMatchObject({ code: 4029 });
    expect(framesOf(tab, 'error')[0]?.['message']).toContain('100 bytes per second');
  });

  it('counts pings of the WebSocket protocol', async () => {
    const { connected } = setUp({ limits: { inboundRates: RATES } });
    const tab = await connected('alice');
    for (let n = 0; n < BURST; n += 1) tab.session.heard();
    expect(tab.closedWith).toMatchObject({ code: 4029 });
  });

  it('before hello as well', () => {
    const { accept } = setUp({ limits: { inboundRates: RATES } });
    const socket = accept({ authentication: { userId: 'alice' } });
    for (let n = 0; n < BURST + 1; n += 1) socket.session.heard();
    expect(socket.closedWith).toMatchObject({ code: 4029 });
  });

  it('takes nothing from other connections of its user', async () => {
    const { clock, connected } = setUp({ limits: { inboundRates: RATES } });
    const [loud, quiet] = [await connected('alice'), await connected('alice')];
    say(loud, BURST);
    say(quiet, 1);
    await clock.settle();
    expect(loud.closedWith).toMatchObject({ code: 4029 });
    expect(framesOf(quiet, 'pong')).toHaveLength(1);
  });

  it('is cut off if it does not answer the close', async () => {
    const { clock, connected } = setUp({ limits: { inboundRates: RATES } });
    const tab = await connected('alice');
    let terminated = false;
    tab.terminate = () => {
      terminated = true;
    };
    say(tab, BURST);
    expect(terminated).toBe(false);
    await clock.advance(1_000);
    expect(terminated).toBe(true);
  });
});

describe('a user whose connections send too much together', () => {
  it('loses the connection that goes over, also a fresh one', async () => {
    const { clock, connected } = setUp({ limits: { userInboundRates: RATES } });
    const tabs = await Promise.all(Array.from({ length: 5 }, async () => connected('alice')));
    for (const tab of tabs) say(tab, 5);
    await clock.settle();
    expect(tabs.map(({ closedWith }) => closedWith?.code)).toEqual([undefined, undefined, undefined, undefined, 4029]);
    const fresh = await connected('alice');
    say(fresh, 1);
    expect(fresh.closedWith).toMatchObject({ code: 4029 });
    const other = await connected('bob');
    say(other, 1);
    expect(other.closedWith).toBeUndefined();
  });
});

it('a peer that pings and never reads its pongs is closed before they fill the memory', async () => {
  const { connected } = setUp({ tuning: { outboundBudgetBytes: 10_000 }, limits: { eventBytes: 10_000 } });
  const tab = await connected('alice');
  tab.bufferedBytes = 40_001;
  tab.session.heard();
  expect(tab.closedWith).toMatchObject({ code: 1013 });
});
