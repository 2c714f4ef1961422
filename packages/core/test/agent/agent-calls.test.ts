import type { NumberedEvent } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { MemoryEventLog } from '../../src/index.ts';
import { FakeClock } from '../../src/testing.ts';
import { AgentElsewhere, gate, say, withAgentElsewhere } from '../support/agent-elsewhere.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, outcome, type World } from '../support/world.ts';

const started = (run_id: string) => ({
  type: 'agent_started' as const,
  ...{ run_id, thread_id: 't1' },
  payload: { agent_name: 'elsewhere' },
});

/** The ends of alice's runs, as they are in the log. */
async function endsOf({ hub }: World): Promise<readonly NumberedEvent[]> {
  const { events } = await hub.manager({ userId: 'alice' }).history({ limit: 1_000 });
  return events.filter(({ type }) => type === 'agent_completed');
}

describe('calls to an agent elsewhere', () => {
  it('bring it what a user says, with the run that is to answer', async () => {
    const agent = new AgentElsewhere();
    const world = withAgentElsewhere(agent);
    const tab = await world.tab();
    await say(world, tab, 'hi');
    expect(framesOf(tab, 'accepted')).toMatchObject([{ ref: 'hi', thread_id: 't1', run_id: 'run-hi' }]);
    expect(agent.calls).toMatchObject([
      {
        ...{ type: 'user_message', userId: 'alice', threadId: 't1', runId: 'run-hi', attempt: 1 },
        payload: { message_id: 'hi', text: 'hi' },
        timestamp: world.clock.now() - 1,
      },
    ]);
    expect(world.hub.stats()).toMatchObject({ callsTaken: 1, waitingCalls: 0 });
    expect(world.errors).toEqual([]);
  });

  it('bring it a message once, however often its user sends it, and by whichever process', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const agent = new AgentElsewhere();
    const first = withAgentElsewhere(agent, { clock, log: new LogDoor(log) });
    const second = withAgentElsewhere(agent, { clock, log: new LogDoor(log) });
    await say(first, await first.tab(), 'hi');
    await say(second, await second.tab(), 'hi');
    await clock.advance(120_000);
    await say(first, await first.tab(), 'hi');
    await clock.advance(120_000);
    expect(agent.heard).toEqual(['hi']);
  });

  it('come one after the other in a thread, and at once in another', async () => {
    const agent = new AgentElsewhere();
    const { passed, open } = gate();
    agent.answer = async ({ payload }) => {
      if (payload['text'] === 'one') await passed;
      return { kind: 'taken' };
    };
    const world = withAgentElsewhere(agent);
    const tab = await world.tab();
    await say(world, tab, 'one');
    await say(world, tab, 'two');
    await say(world, tab, 'elsewhere', { thread: 't2' });
    expect(agent.heard).toEqual(['one', 'elsewhere']);
    open();
    await world.clock.advance(1);
    expect(agent.heard).toEqual(['one', 'elsewhere', 'two']);
  });

  it('let a cancellation overtake the messages before it', async () => {
    const agent = new AgentElsewhere();
    agent.answer = ({ type }) => ({ kind: type === 'cancel_run' ? 'taken' : 'again' });
    const world = withAgentElsewhere(agent);
    const tab = await world.tab();
    await say(world, tab, 'one');
    tab.say({ type: 'cancel_run', run_id: 'run-one' });
    await world.clock.advance(30);
    expect(agent.heard).toEqual(['one', 'cancel_run']);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ run_id: 'run-one', payload: { status: 'cancelled' } }]);
    // The message is not needed any more.
    await world.clock.advance(60_000);
    expect(agent.heard).toEqual(['one', 'cancel_run']);
    expect(world.hub.stats().waitingCalls).toBe(0);
  });

  it('bring it the end of a run that its user cancelled, and not of one that it ended itself', async () => {
    const agent = new AgentElsewhere();
    const world = withAgentElsewhere(agent);
    const manager = world.hub.manager({ userId: 'alice' });
    const tab = await world.tab();
    for (const run of ['r1', 'r2']) await manager.emit(started(run));
    const payload = { status: 'cancelled' as const, error: 'stopped by hand', duration_ms: 1 };
    await manager.emit({ type: 'agent_completed', run_id: 'r1', payload });
    tab.say({ type: 'cancel_run', run_id: 'r2' });
    await world.clock.advance(30);
    expect(agent.calls).toMatchObject([{ type: 'cancel_run', runId: 'r2', threadId: 't1', payload: {} }]);
    expect(await outcome(manager.extendRun('r2'))).toBe('RUN_CANCELLED');
  });

  it('bring it what users decide, and decisions that lapse', async () => {
    const agent = new AgentElsewhere();
    const world = withAgentElsewhere(agent);
    const manager = world.hub.manager({ userId: 'alice' });
    const tab = await world.tab();
    await manager.emit(started('r1'));
    for (const id of ['c1', 'c2']) {
      const expires_at = world.clock.now() + 5_000;
      const payload = { tool_call_id: id, tool_name: 'delete', args: {}, expires_at };
      await manager.emit({ type: 'tool_approval_requested', run_id: 'r1', payload });
    }
    tab.say({ type: 'tool_approval', run_id: 'r1', tool_call_id: 'c1', approved: true });
    await world.clock.advance(10_000);
    expect(agent.calls.map(({ type, payload }) => ({ type, ...payload }))).toEqual([
      { type: 'tool_approval', tool_call_id: 'c1', approved: true },
      { type: 'tool_approval', tool_call_id: 'c2', approved: false, reason: 'no answer came in time' },
    ]);
  });

  it('are tried again while the agent is down, always under the same id', async () => {
    const agent = new AgentElsewhere();
    let isDown = true;
    agent.answer = () => (isDown ? Promise.reject(new Error('ECONNREFUSED')) : { kind: 'taken' });
    const world = withAgentElsewhere(agent);
    await say(world, await world.tab(), 'hi');
    // Half of 2, 4, 8 seconds.
    for (const [ms, attempts] of [
      [900, 1],
      [200, 2],
      [2_000, 3],
      [4_000, 4],
    ] as const) {
      await world.clock.advance(ms);
      expect(agent.calls).toHaveLength(attempts);
    }
    isDown = false;
    await world.clock.advance(8_100);
    expect(agent.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(agent.calls.map(({ callId }) => callId)).size).toBe(1);
    expect(world.hub.stats()).toMatchObject({ callsRetried: 4, callsTaken: 1, waitingCalls: 0 });
    expect(world.errors).toEqual([]);
  });

  it('give the agent ten seconds for each attempt', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => new Promise(() => undefined);
    const world = withAgentElsewhere(agent);
    await say(world, await world.tab(), 'hi');
    await world.clock.advance(9_900);
    expect([agent.calls.length, agent.aborted.length]).toEqual([1, 0]);
    await world.clock.advance(200);
    expect(agent.aborted).toHaveLength(1);
    await world.clock.advance(1_100);
    expect(agent.calls).toHaveLength(2);
  });

  it('wait as long as the agent asks', async () => {
    const agent = new AgentElsewhere();
    agent.answer = ({ attempt }) => (attempt === 1 ? { kind: 'again', afterMs: 20_000 } : { kind: 'taken' });
    const world = withAgentElsewhere(agent);
    await say(world, await world.tab(), 'hi');
    await world.clock.advance(19_000);
    expect(agent.calls).toHaveLength(1);
    await world.clock.advance(1_100);
    expect(agent.calls).toHaveLength(2);
  });

  it('end the run as interrupted when the agent does not answer for too long, and can be sent again', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => ({ kind: 'again' });
    const world = withAgentElsewhere(agent, { agent: { horizonMs: 60_000 } });
    const tab = await world.tab();
    await say(world, tab, 'hi');
    await world.clock.advance(59_000);
    expect(await endsOf(world)).toEqual([]);
    await world.clock.advance(2_000);
    expect(await endsOf(world)).toMatchObject([
      { run_id: 'run-hi', thread_id: 't1', payload: { status: 'interrupted', error: 'the agent did not answer' } },
    ]);
    const calls = world.hub.agentCalls;
    const [failed, ...more] = calls?.list().failed ?? [];
    expect(failed).toMatchObject({ type: 'user_message', runId: 'run-hi', reason: 'the agent did not answer' });
    expect(more).toEqual([]);

    agent.calls.length = 0;
    agent.answer = () => ({ kind: 'taken' });
    const again = await calls?.sendAgain(failed?.callId ?? '');
    await world.clock.advance(30);
    expect(again?.runId).toBe('run-hi~again~2');
    expect(agent.calls).toMatchObject([{ callId: again?.callId, runId: 'run-hi~again~2', payload: { text: 'hi' } }]);
    expect(again?.callId).not.toBe(failed?.callId);
    expect(calls?.list()).toEqual({ waiting: [], failed: [] });
    expect(await outcome(calls?.sendAgain(failed?.callId ?? '') ?? Promise.resolve())).toBe('NOT_FOUND');
    // Its run is a promise as the first was: one that does not begin ends.
    await world.clock.advance(400_000);
    expect(await endsOf(world)).toMatchObject([{ run_id: 'run-hi' }, { run_id: 'run-hi~again~2', thread_id: 't1' }]);
    expect(world.errors).toEqual([]);
  });

  it('end the run at once where the agent refuses the message', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => ({ kind: 'refused' });
    const world = withAgentElsewhere(agent);
    const tab = await world.tab();
    await say(world, tab, 'hi');
    await world.clock.advance(30);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'interrupted' } }]);
    await world.clock.advance(60_000);
    expect(agent.calls).toHaveLength(1);
  });

  it('are not repeated to an agent that has begun the run, where its answer was lost', async () => {
    const agent = new AgentElsewhere();
    const world = withAgentElsewhere(agent);
    agent.answer = async ({ runId }) => {
      await world.hub.manager({ userId: 'alice' }).emit(started(runId));
      return { kind: 'again' };
    };
    await say(world, await world.tab(), 'hi');
    await world.clock.advance(60_000);
    expect(agent.calls).toHaveLength(1);
    expect(world.hub.stats().waitingCalls).toBe(0);
  });

  it('leave the run that was to answer a while to begin, which a call renews', async () => {
    const agent = new AgentElsewhere();
    const world = withAgentElsewhere(agent, { tuning: { publisherLeaseMs: 30_000, runLeaseMs: 3_000 } });
    const tab = await world.tab();
    await say(world, tab, 'hi');
    await world.clock.advance(25_000);
    const manager = world.hub.manager({ userId: 'alice' });
    expect(await manager.extendRun('run-hi')).toBe(world.clock.now() + 30_000);
    await world.clock.advance(25_000);
    expect(await endsOf(world)).toEqual([]);
    await world.clock.advance(10_000);
    expect(await endsOf(world)).toMatchObject([
      { payload: { status: 'interrupted', error: 'the agent did not answer' } },
    ]);
    expect(await outcome(manager.extendRun('run-hi'))).toBe('RUN_ALREADY_COMPLETED');
    expect(await outcome(manager.extendRun('run-other'))).toBe('RUN_NOT_OPEN');
  });

  it('are refused when too many wait, and of one user when as many runs are promised as it may have', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => ({ kind: 'again' });
    const world = withAgentElsewhere(agent, { limits: { openRunsPerUser: 2 }, agent: { maxWaiting: 3 } });
    const tab = await world.tab();
    for (const text of ['one', 'two', 'three']) await say(world, tab, text);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'RUN_LIMIT', ref: 'three' }]);
    const other = await world.connected('bob');
    for (const text of ['four', 'five']) await say(world, other, text);
    expect(framesOf(other, 'error')).toMatchObject([{ code: 'OVERLOADED', ref: 'five' }]);
    // A message that is there already is answered all the same.
    await say(world, tab, 'one');
    expect(framesOf(tab, 'accepted').map(({ ref }) => ref)).toEqual(['one', 'two', 'one']);
  });

  it('refuse a hub that has an agent in its process, too', () => {
    const agent = new AgentElsewhere();
    expect(() => withAgentElsewhere(agent, { onUserMessage: () => undefined })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    expect(() => withAgentElsewhere(agent, { agent: { horizonMs: 0 } })).toThrow(/agent\.horizonMs/);
  });

  it('do not concern runs whose agent is in this process', async () => {
    const agent = new AgentElsewhere();
    const world = withAgentElsewhere(agent);
    const tab = await world.tab();
    await world.hub.manager({ userId: 'alice' }).startRun({ agentName: 'here', runId: 'r1' });
    tab.say({ type: 'cancel_run', run_id: 'r1' });
    await world.clock.advance(3_000);
    expect(framesOf(tab, 'agent_completed')).toHaveLength(1);
    expect(agent.calls).toEqual([]);
  });
});

describe('calls to an agent elsewhere, when a process dies', () => {
  function twoNodes(agent: AgentElsewhere) {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const door = new LogDoor(log);
    const first = withAgentElsewhere(agent, { clock, log: door });
    return { log, clock, door, first, second: () => withAgentElsewhere(agent, { clock, log: new LogDoor(log) }) };
  }

  it('are delivered by another one that runs beside it', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => new Promise(() => undefined);
    const { first, second, door, clock } = twoNodes(agent);
    const survivor = second();
    await say(first, await first.tab(), 'hi');
    expect(agent.heard).toEqual(['hi']);
    door.kill();
    agent.answer = () => ({ kind: 'taken' });
    await clock.advance(14_000);
    expect(agent.calls.filter(({ attempt }) => attempt > 1)).toEqual([]);
    await clock.advance(3_000);
    const [one, two] = agent.calls;
    expect(agent.calls).toHaveLength(2);
    expect(two).toEqual({ ...one, attempt: 2 });
    expect(survivor.hub.stats()).toMatchObject({ callsTaken: 1, waitingCalls: 0 });
  });

  it('are delivered by the next one that starts, in the order of their thread', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => ({ kind: 'again' });
    const { first, second, door, clock } = twoNodes(agent);
    const tab = await first.tab();
    for (const text of ['one', 'two', 'three']) await say(first, tab, text);
    door.kill();
    await clock.advance(60_000);
    agent.calls.length = 0;
    agent.answer = () => ({ kind: 'taken' });
    const next = second();
    await clock.advance(30);
    expect(agent.heard).toEqual(['one', 'two', 'three']);
    expect(next.errors).toEqual([]);
  });

  it('are not delivered where the message they are about never came into the log', async () => {
    const agent = new AgentElsewhere();
    const { first, second, door, clock } = twoNodes(agent);
    const tab = await first.tab();
    // The call is written, and the process dies before the message is.
    door.delay = async () => {
      if (door.appends === 1) door.kill();
    };
    await say(first, tab, 'hi');
    const next = second();
    await clock.advance(60_000);
    expect(next.hub.stats().waitingCalls).toBe(1);
    await clock.advance(60_000);
    expect(next.hub.stats().waitingCalls).toBe(0);
    expect(agent.calls).toEqual([]);
    // Its user was told nothing, and sends it again.
    await say(next, await next.tab(), 'hi');
    expect(agent.heard).toEqual(['hi']);
  });

  it('are delivered once by two that live, each message by one of them', async () => {
    const agent = new AgentElsewhere();
    const { first, second, clock } = twoNodes(agent);
    const other = second();
    const tabs = [await first.tab(), await other.tab()] as const;
    for (const [index, text] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      await say(first, tabs[index % 2 === 0 ? 0 : 1], text);
    }
    await clock.advance(120_000);
    expect(agent.heard).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect([...first.errors, ...other.errors]).toEqual([]);
  });

  it('are taken over at once where it went away in order', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => ({ kind: 'again', afterMs: 600_000 });
    const { first, second, clock } = twoNodes(agent);
    const other = second();
    await say(first, await first.tab(), 'hi');
    agent.answer = () => ({ kind: 'taken' });
    void first.hub.close();
    await clock.advance(3_000);
    expect(agent.heard).toEqual(['hi', 'hi']);
    expect(other.hub.stats().waitingCalls).toBe(0);
  });

  it('do not keep a process from going away while the log is unavailable', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => ({ kind: 'again', afterMs: 600_000 });
    const { first, door, clock } = twoNodes(agent);
    await say(first, await first.tab(), 'hi');
    door.goAway();
    const closed = first.hub.close();
    await clock.advance(5_000);
    expect(await outcome(closed)).toBe('ok');
    expect(first.errors).toEqual([]);
  });

  it('leave nothing of what users said in the log of calls once they are taken', async () => {
    const agent = new AgentElsewhere();
    const { first, clock, log } = twoNodes(agent);
    const tab = await first.tab();
    for (const text of ['one', 'two']) await say(first, tab, text);
    await clock.advance(60_000);
    const { oldest, head } = log.head(' agent-calls' as Parameters<typeof log.head>[0]);
    expect(head).toBeGreaterThan(0);
    expect(oldest).toBe(head + 1);
    await say(first, tab, 'three');
    expect(agent.heard).toEqual(['one', 'two', 'three']);
  });

  it('go on when the log is back', async () => {
    const agent = new AgentElsewhere();
    agent.answer = () => ({ kind: 'again' });
    const { first, door, clock } = twoNodes(agent);
    const tab = await first.tab();
    await say(first, tab, 'hi');
    door.goAway();
    await clock.advance(10_000);
    door.comeBack();
    agent.answer = () => ({ kind: 'taken' });
    await clock.advance(30_000);
    expect(first.hub.stats()).toMatchObject({ callsTaken: 1, waitingCalls: 0 });
    expect(first.errors).toEqual([]);
  });
});
