import { describe, expect, it } from 'vitest';
import { MemoryEventLog } from '../../src/index.ts';
import { LogDoor } from '../support/log-door.ts';
import { outcome, setUp, typesOf } from '../support/world.ts';

describe('draining', () => {
  it('tells clients, ends local runs, delivers, and closes with 1012', async () => {
    const { hub, clock, connected } = setUp();
    const tab = await connected('alice');
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a' });
    await clock.settle();
    const drained = hub.drain({ reconnectAfterMs: 500 });
    await clock.advance(200);
    await drained;
    expect(typesOf(tab)).toEqual(['connection_ready', 'agent_started', 'server_draining', 'agent_completed']);
    expect(tab.frames.find((frame) => frame.type === 'server_draining')).toMatchObject({ reconnect_after_ms: 500 });
    expect(tab.frames.find((frame) => frame.type === 'agent_completed')).toMatchObject({
      payload: { status: 'interrupted' },
    });
    expect(tab.closedWith?.code).toBe(1012);
    expect(run.ended).toBe(true);
  });

  it('spreads the clients over the time in which they are to come back', async () => {
    const { hub, clock, connected } = setUp();
    const tabs = [await connected('alice'), await connected('bob'), await connected('carol'), await connected('dan')];
    const drained = hub.drain({ reconnectAfterMs: 1_000 });
    await clock.advance(200);
    await drained;
    const told = tabs.flatMap((tab) => tab.frames.filter((frame) => frame.type === 'server_draining'));
    expect(told).toMatchObject([250, 500, 750, 1_000].map((ms) => ({ reconnect_after_ms: ms })));
  });

  it('refuses new connections meanwhile', async () => {
    const { hub, clock, connect } = setUp();
    const drained = hub.drain();
    const late = connect('alice');
    await clock.advance(100);
    await drained;
    expect([late.closedWith?.code, late.frames]).toEqual([1012, []]);
    expect(hub.refusal?.code).toBe('DRAINING');
    expect(await hub.health()).toMatchObject({ ready: false, draining: true });
  });

  it('waits for slow connections until the deadline, and no longer', async () => {
    const { hub, clock, connected } = setUp({ tuning: { outboundBudgetBytes: 100 } });
    const slow = await connected('alice');
    slow.stall();
    for (const text of 'abc') {
      await hub.manager({ userId: 'alice' }).emit({ type: 'user_message', payload: { message_id: 'm', text } });
    }
    await clock.settle();
    const drained = hub.drain({ deadlineMs: 5_000 });
    await clock.advance(4_900);
    expect(slow.closedWith).toBeUndefined();
    await clock.advance(200);
    await drained;
    expect(slow.closedWith?.code).toBe(1012);
  });

  it('is hurried by a second call', async () => {
    const { hub, clock, connected } = setUp();
    const slow = await connected('alice');
    slow.stall();
    await hub.manager({ userId: 'alice' }).emit({ type: 'user_message', payload: { message_id: 'm', text: 'x' } });
    await clock.advance(50);
    const drained = hub.drain({ deadlineMs: 60_000 });
    await clock.advance(100);
    expect(slow.closedWith).toBeUndefined();
    const second = hub.drain();
    await clock.advance(50);
    await Promise.all([drained, second]);
    expect(slow.closedWith?.code).toBe(1012);
  });

  it('closes many connections in batches', async () => {
    const { hub, clock, connect } = setUp({ limits: { connectionsPerUser: 1_000 } });
    const tabs = Array.from({ length: 800 }, (_, i) => connect(`user-${i}`));
    await clock.settle();
    const drained = hub.drain();
    await clock.settle();
    const closed = (): number => tabs.filter(({ closedWith }) => closedWith !== undefined).length;
    await clock.advance(20);
    expect(closed()).toBeGreaterThan(0);
    expect(closed()).toBeLessThan(800);
    await clock.advance(100);
    await drained;
    expect(closed()).toBe(800);
  });
});

describe('draining while the log is away', () => {
  it('does not wait for runs longer than the deadline', async () => {
    const door = new LogDoor(new MemoryEventLog());
    const { hub, clock, connected } = setUp({ log: door });
    const tab = await connected('alice');
    await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a' });
    door.delay = () => new Promise(() => undefined);
    const drained = hub.drain({ deadlineMs: 3_000 });
    await clock.advance(3_100);
    await drained;
    expect(tab.closedWith?.code).toBe(1012);
  });
});

describe('closing a hub', () => {
  it('ends everything, refuses events, and may be said twice', async () => {
    const { hub, log, clock, connected } = setUp();
    const tab = await connected('alice');
    const manager = hub.manager({ userId: 'alice' });
    let closes = 0;
    const close = log.close.bind(log);
    log.close = () => {
      closes += 1;
      return close();
    };
    const both = Promise.all([hub.close(), hub.close()]);
    await clock.advance(100);
    await both;
    await hub.close();
    expect(closes).toBe(1);
    expect(hub.stats()).toMatchObject({ connections: 0, streams: 0 });
    expect(tab.closedWith?.code).toBe(1012);
    expect(await outcome(manager.emit({ type: 'user_message', payload: { message_id: 'm', text: 'x' } }))).toBe(
      'HUB_CLOSED',
    );
    expect(await hub.health()).toMatchObject({ ready: false, log: { reachable: false } });
  });
});
