import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type HubOptions } from '../../src/index.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, outcome, setUp } from '../support/world.ts';

const call = (id: string) => ({ tool_call_id: id, tool_name: 'delete', args: { path: 'a' } });

/** A run whose agent is a program elsewhere that publishes its events, as over HTTP. */
async function published(options: HubOptions & { clock?: FakeClock } = {}) {
  const world = setUp(options);
  const { clock } = world;
  const tab = await world.connected('alice');
  const manager = world.hub.manager({ userId: 'alice' });
  await manager.emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } });
  const ask = (id: string, ms: number) => {
    const payload = { ...call(id), expires_at: clock.now() + ms };
    return manager.emit({ type: 'tool_approval_requested', run_id: 'r1', payload });
  };
  const say = async (id: string, approved: boolean): Promise<void> => {
    tab.say({ type: 'tool_approval', run_id: 'r1', tool_call_id: id, approved });
    await clock.advance(30);
  };
  const resolved = (): unknown[] => framesOf(tab, 'tool_approval_resolved').map(({ payload }) => payload);
  return { ...world, tab, manager, ask, say, resolved };
}

describe('an approval that a publisher outside asked for', () => {
  it('is answered by an event of the stream, which the publisher reads', async () => {
    const { ask, say, resolved, manager, clock } = await published();
    const { offset } = await ask('c1', 10_000);
    await say('c1', true);
    const { events } = await manager.history({ after: offset });
    expect(events).toMatchObject([{ type: 'tool_approval_resolved', run_id: 'r1', payload: { approved: true } }]);
    // Its time is over some time later, and nothing happens: it was answered.
    await clock.advance(20_000);
    expect(resolved()).toEqual([{ tool_call_id: 'c1', approved: true }]);
  });

  it('lapses when its time is over, for the publisher and for every tab', async () => {
    const { ask, say, resolved, clock, tab, manager } = await published();
    await ask('c1', 10_000);
    await clock.advance(9_700);
    expect(resolved()).toEqual([]);
    await clock.advance(600);
    expect(resolved()).toEqual([{ tool_call_id: 'c1', approved: false, reason: 'no answer came in time' }]);
    await say('c1', true);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'APPROVAL_NOT_PENDING', ref: 'c1' }]);
    expect(await manager.openRuns()).toMatchObject([{ runId: 'r1', pendingApprovals: [] }]);
  });

  it('lapses also where the process that took the request has died', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const door = new LogDoor(log);
    const { ask } = await published({ clock, log: door });
    await ask('c1', 10_000);
    door.kill();
    const next = setUp({ clock, log: new LogDoor(log) });
    const tab = await next.connected('alice');
    await clock.advance(9_000);
    expect(framesOf(tab, 'tool_approval_resolved')).toEqual([]);
    await clock.advance(2_000);
    expect(framesOf(tab, 'tool_approval_resolved')).toMatchObject([
      { payload: { tool_call_id: 'c1', approved: false, reason: 'no answer came in time' } },
    ]);
    tab.say({ type: 'tool_approval', run_id: 'r1', tool_call_id: 'c1', approved: true });
    await clock.advance(30);
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'APPROVAL_NOT_PENDING', ref: 'c1' }]);
  });

  it('whose time ran out while no process was up is not offered, and lapses when one is', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const door = new LogDoor(log);
    const { ask } = await published({ clock, log: door });
    await ask('c1', 10_000);
    door.kill();
    await clock.advance(60_000);
    const next = setUp({ clock, log: new LogDoor(log) });
    const tab = await next.connected('alice');
    expect(framesOf(tab, 'connection_ready')).toMatchObject([{ open_runs: [{ run_id: 'r1', pending_approvals: [] }] }]);
    await clock.advance(300);
    expect(framesOf(tab, 'tool_approval_resolved')).toMatchObject([
      { payload: { tool_call_id: 'c1', approved: false } },
    ]);
  });

  it('lapses once where several processes hold the stream', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const first = await published({ clock, log: new LogDoor(log) });
    const second = setUp({ clock, log: new LogDoor(log) });
    const tab = await second.connected('alice');
    await first.ask('c1', 5_000);
    await clock.advance(10_000);
    expect(first.resolved()).toHaveLength(1);
    expect(framesOf(tab, 'tool_approval_resolved')).toHaveLength(1);
    expect([first.errors, second.errors]).toEqual([[], []]);
  });

  it('lapses when the log is back, where it was unavailable at its time', async () => {
    const door = new LogDoor(new MemoryEventLog());
    const { ask, tab, clock, errors } = await published({ log: door, outage: { emitDeadlineMs: 1_000 } });
    await ask('c1', 5_000);
    door.goAway();
    await clock.advance(20_000);
    expect(errors).not.toEqual([]);
    door.comeBack();
    await clock.advance(20_000);
    // Each try is shown as volatile: what counts is the one in the log.
    const written = framesOf(tab, 'tool_approval_resolved').filter((frame) => 'offset' in frame);
    expect(written).toMatchObject([
      { payload: { tool_call_id: 'c1', approved: false, reason: 'no answer came in time' } },
    ]);
  });

  it('asked for again has its new time', async () => {
    const { ask, say, resolved, clock } = await published();
    await ask('c1', 5_000);
    await say('c1', false);
    await ask('c1', 20_000);
    await clock.advance(10_000);
    expect(resolved()).toHaveLength(1);
    await clock.advance(11_000);
    expect(resolved()).toHaveLength(2);
  });

  it('is over with its run, with no word about its time', async () => {
    const { ask, resolved, clock, manager, errors } = await published();
    await ask('c1', 5_000);
    await manager.emit({ type: 'agent_completed', run_id: 'r1', payload: { status: 'completed', duration_ms: 1 } });
    await clock.advance(10_000);
    expect([resolved(), errors]).toEqual([[], []]);
  });

  it('is told once where several processes take note of it', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const first = await published({ clock, log: new LogDoor(log) });
    const second = setUp({ clock, log: new LogDoor(log) });
    await first.ask('c1', 5_000);
    // The tool runs before the answer, by way of another process: the approval waits no more.
    await second.hub.manager({ userId: 'alice' }).emit({ type: 'tool_executing', run_id: 'r1', payload: call('c1') });
    await clock.advance(10_000);
    expect([first.resolved(), first.errors]).toEqual([[], []]);
  });
});

describe('cancelling a run that is published from outside', () => {
  it('ends it at once, and the publisher learns of it with its next event', async () => {
    const { manager, tab, clock } = await published();
    await manager.emit({ type: 'tool_executing', run_id: 'r1', payload: call('c1') });
    tab.say({ type: 'cancel_run', run_id: 'r1' });
    await clock.advance(30);
    expect(framesOf(tab, 'tool_completed')).toMatchObject([{ payload: { tool_call_id: 'c1', success: false } }]);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'cancelled' } }]);
    const next = manager.emit({ type: 'agent_thinking', run_id: 'r1', payload: { delta: 'x' } });
    expect(await outcome(next)).toBe('RUN_CANCELLED');
  });
});
