import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type HubOptions } from '../../src/index.ts';
import type { CallClaims, Claim, ClaimOptions } from '../../src/internal.ts';
import { FakeClock } from '../../src/testing.ts';
import { say } from '../support/agent-elsewhere.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, outcome, setUp, type World } from '../support/world.ts';

interface PulledWorld extends World {
  readonly claims: CallClaims;
  readonly claim: (options?: Partial<ClaimOptions>) => Promise<Claim>;
}

/** A hub whose agent fetches its calls. */
function pulled(options: HubOptions & { clock?: FakeClock } = {}): PulledWorld {
  const world = setUp({ agent: {}, ...options });
  const claims = world.hub.agentCalls?.claims;
  if (claims === undefined) throw new Error('this hub has no calls');
  return { ...world, claims, claim: (more) => claims.claim({ limit: 10, holdMs: 60_000, ...more }) };
}

const texts = ({ calls }: Claim): readonly unknown[] => calls.map(({ type, payload }) => payload['text'] ?? type);
const ids = ({ calls }: Claim): readonly string[] => calls.map(({ callId }) => callId);

describe('an agent that fetches its calls', () => {
  it('gets what users said, the oldest first and one of a thread, until it acknowledges', async () => {
    const world = pulled();
    const { claim, claims, clock } = world;
    const tab = await world.connected('alice');
    await say(world, tab, 'one');
    await say(world, tab, 'two');
    await say(world, tab, 'other', { thread: 't2' });
    const first = await claim();
    expect(texts(first)).toEqual(['one', 'other']);
    expect(first.calls[0]).toMatchObject({ userId: 'alice', threadId: 't1', runId: 'run-one', attempt: 1 });
    expect(first.expiresAt).toBe(clock.now() + 60_000);
    expect(texts(await claim())).toEqual([]);
    const [one, other] = ids(first);
    expect(await claims.acknowledge(first.claimId, [one ?? '', 'call_nonsense'])).toEqual({
      held: [one],
      lost: ['call_nonsense'],
    });
    expect(texts(await claim({ limit: 1 }))).toEqual(['two']);
    expect(await claims.acknowledge('another claim', [other ?? ''])).toEqual({ held: [], lost: [other] });
    expect(world.hub.stats()).toMatchObject({ callsTaken: 1, waitingCalls: 2 });
    expect(world.errors).toEqual([]);
  });

  it('waits for a call as long as it wants', async () => {
    const world = pulled();
    const { clock, claim } = world;
    const tab = await world.connected('alice');
    const waiting = claim({ waitMs: 20_000 });
    await clock.advance(5_000);
    await say(world, tab, 'hi');
    expect(texts(await waiting)).toEqual(['hi']);

    let isOver = false;
    const empty = claim({ waitMs: 20_000 }).then((it) => {
      isOver = true;
      return it;
    });
    await clock.advance(19_900);
    expect(isOver).toBe(false);
    await clock.advance(200);
    expect(texts(await empty)).toEqual([]);

    const left = new AbortController();
    const abandoned = claim({ waitMs: 20_000, signal: left.signal });
    await clock.settle();
    left.abort();
    expect(texts(await abandoned)).toEqual([]);
  });

  it('that dies in the middle gets the call again when its time is over, and its run goes on', async () => {
    const world = pulled({ tuning: { publisherLeaseMs: 300_000 } });
    const { clock, claim, claims } = world;
    const tab = await world.connected('alice');
    await say(world, tab, 'hi');
    const first = await claim();
    const manager = world.hub.manager({ userId: 'alice' });
    await manager.emit({ type: 'agent_started', run_id: 'run-hi', thread_id: 't1', payload: { agent_name: 'a' } });
    await clock.advance(59_000);
    expect(texts(await claim())).toEqual([]);
    await clock.advance(2_000);
    const second = await claim();
    expect(second.calls).toEqual(first.calls.map((call) => ({ ...call, attempt: 2 })));
    // The first one comes back late: it is told that the call is not its own any more.
    expect(await claims.extend(first.claimId, ids(first), 60_000)).toMatchObject({ held: [], lost: ids(first) });
    await manager.emit({
      type: 'agent_completed',
      run_id: 'run-hi',
      payload: { status: 'completed', duration_ms: 1 },
    });
    expect(await claims.acknowledge(second.claimId, ids(second))).toEqual({ held: ids(second), lost: [] });
    expect(world.hub.stats().waitingCalls).toBe(0);
  });

  it('that is silent for long keeps call and run by extending', async () => {
    const world = pulled({ tuning: { publisherLeaseMs: 30_000, runLeaseMs: 3_000 }, agent: { horizonMs: 60_000 } });
    const { clock, claim, claims, hub } = world;
    const tab = await world.connected('alice');
    await say(world, tab, 'hi');
    const { claimId, calls } = await claim({ holdMs: 40_000 });
    for (let i = 0; i < 10; i += 1) {
      await clock.advance(30_000);
      const { held } = await claims.extend(claimId, [calls[0]?.callId ?? ''], 40_000);
      expect(held).toHaveLength(1);
    }
    expect(await hub.manager({ userId: 'alice' }).extendRun('run-hi')).toBeGreaterThan(clock.now());
  });

  it('that acknowledged before the run had ended does not get the message of it again', async () => {
    const world = pulled();
    const tab = await world.connected('alice');
    await say(world, tab, 'hi');
    const { claimId, calls } = await world.claim();
    await world.claims.acknowledge(claimId, [calls[0]?.callId ?? '']);
    await world.clock.advance(120_000);
    expect(texts(await world.claim())).toEqual([]);
  });

  it('gets a cancellation and a decision at once, while it works on the message', async () => {
    const world = pulled();
    const { claim, clock } = world;
    const tab = await world.connected('alice');
    await say(world, tab, 'hi');
    await claim();
    const manager = world.hub.manager({ userId: 'alice' });
    await manager.emit({ type: 'agent_started', run_id: 'run-hi', thread_id: 't1', payload: { agent_name: 'a' } });
    const ask = { tool_call_id: 'c1', tool_name: 'delete', args: {}, expires_at: clock.now() + 60_000 };
    await manager.emit({ type: 'tool_approval_requested', run_id: 'run-hi', payload: ask });
    tab.say({ type: 'tool_approval', run_id: 'run-hi', tool_call_id: 'c1', approved: true });
    await clock.advance(1);
    expect(texts(await claim())).toEqual(['tool_approval']);
    await say(world, tab, 'next');
    tab.say({ type: 'cancel_run', run_id: 'run-hi' });
    await clock.advance(30);
    const { calls, claimId } = await claim();
    expect(calls).toMatchObject([{ type: 'cancel_run', runId: 'run-hi' }]);
    await world.claims.acknowledge(claimId, [calls[0]?.callId ?? '']);
    // What else concerns the cancelled run is over when its time is.
    await clock.advance(61_000);
    expect(texts(await claim())).toEqual(['next']);
  });

  it('is not handed a message whose run its user cancelled before', async () => {
    const world = pulled();
    const tab = await world.connected('alice');
    await say(world, tab, 'hi');
    tab.say({ type: 'cancel_run', run_id: 'run-hi' });
    await world.clock.advance(30);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'cancelled' } }]);
    expect(texts(await world.claim())).toEqual(['cancel_run']);
  });

  it('that never comes leaves a run that ends as interrupted', async () => {
    const world = pulled({ agent: { horizonMs: 30_000 } });
    const tab = await world.connected('alice');
    await say(world, tab, 'hi');
    await world.clock.advance(29_000);
    expect(framesOf(tab, 'agent_completed')).toEqual([]);
    await world.clock.advance(3_000);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([
      { run_id: 'run-hi', payload: { status: 'interrupted', error: 'the agent did not answer' } },
    ]);
    expect(world.hub.agentCalls?.list().failed).toMatchObject([{ runId: 'run-hi', attempts: 1 }]);
    expect(world.errors).toEqual([]);
  });

  it('leaves a call that makes it fail after five times', async () => {
    const world = pulled({ tuning: { publisherLeaseMs: 1_000_000 } });
    const tab = await world.connected('alice');
    await say(world, tab, 'hi');
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect((await world.claim({ holdMs: 5_000 })).calls).toMatchObject([{ attempt }]);
      await world.clock.advance(5_500);
    }
    await world.clock.advance(3_000);
    expect((await world.claim()).calls).toEqual([]);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'interrupted' } }]);
  });

  it('gets each call from one of two processes', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const first = pulled({ clock, log: new LogDoor(log) });
    const second = pulled({ clock, log: new LogDoor(log) });
    const tab = await first.connected('alice');
    for (const thread of ['a', 'b', 'c', 'd']) await say(first, tab, thread, { thread });
    const claims = await Promise.all([first.claim(), second.claim(), first.claim(), second.claim()]);
    expect(claims.flatMap(texts).sort()).toEqual(['a', 'b', 'c', 'd']);
    // Acknowledged by another process than it came from.
    const [all] = claims.filter(({ calls }) => calls.length > 0);
    if (all !== undefined) expect((await second.claims.acknowledge(all.claimId, ids(all))).lost).toEqual([]);
  });

  it('gets what a process took that died before it was written', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const door = new LogDoor(log);
    const first = pulled({ clock, log: door });
    const second = pulled({ clock, log: new LogDoor(log) });
    const tab = await first.connected('alice');
    // The call and the message are in the log; the process dies before it gives the call free.
    door.delay = async () => {
      if (door.appends === 2) door.kill();
    };
    await say(first, tab, 'hi');
    expect(texts(await second.claim())).toEqual([]);
    const waiting = second.claim({ waitMs: 30_000 });
    await clock.advance(17_000);
    expect(texts(await waiting)).toEqual(['hi']);
  });

  it('is told where the server calls its agent instead', async () => {
    const world = setUp({ agent: { deliver: async () => ({ kind: 'taken' }) } });
    const claim = world.hub.agentCalls?.claims.claim({ limit: 1, holdMs: 1_000 });
    expect(await outcome(claim ?? Promise.resolve())).toBe('NO_AGENT');
  });
});
