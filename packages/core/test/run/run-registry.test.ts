import { describe, expect, it } from 'vitest';
import type { Hub, Run } from '../../src/index.ts';
import { framesOf, outcome, setUp, typesOf } from '../support/world.ts';

const GRACE_MS = 2_000;

function startRun(hub: Hub, userId: string, runId = 'r1'): Promise<Run> {
  return hub.manager({ userId }).startRun({ agentName: 'analyst', runId });
}

describe('cancelling a run', () => {
  it('lets the agent end it, and answers a repeated cancel alike', async () => {
    const { hub, clock, connected } = setUp();
    const tab = await connected('alice');
    const run = await startRun(hub, 'alice');
    run.signal.addEventListener('abort', () => void run.complete({ finalResponse: 'so far' }));

    tab.say({ type: 'cancel_run', run_id: 'r1' });
    await clock.advance(50);
    tab.say({ type: 'cancel_run', run_id: 'r1' });
    await clock.advance(50);

    expect(run.signal.reason).toMatchObject({ code: 'RUN_CANCELLED' });
    expect(framesOf(tab, 'accepted')).toEqual(Array(2).fill({ type: 'accepted', ref: 'r1', run_id: 'r1' }));
    expect(framesOf(tab, 'agent_completed')).toMatchObject([
      { payload: { status: 'cancelled', final_response: 'so far' } },
    ]);
  });

  it('ends the run after the grace time if the agent does not, open tool calls first', async () => {
    const { hub, clock, connected } = setUp();
    const tab = await connected('alice');
    const run = await startRun(hub, 'alice');
    await run.emit('tool_executing', { tool_call_id: 'c1', tool_name: 'slow', args: {} });
    const [other] = [await connected('alice')];

    other.say({ type: 'cancel_run', run_id: 'r1' });
    await clock.advance(GRACE_MS - 1);
    expect(typesOf(tab)).not.toContain('agent_completed');
    await clock.advance(50);

    expect(typesOf(tab).slice(-2)).toEqual(['tool_completed', 'agent_completed']);
    expect(framesOf(tab, 'tool_completed')).toMatchObject([{ payload: { tool_call_id: 'c1', success: false } }]);
    expect(framesOf(tab, 'agent_completed')).toMatchObject([{ payload: { status: 'cancelled' } }]);
    expect(await outcome(run.think('still here'))).toBe('RUN_CANCELLED');
    expect(run.ended).toBe(true);
  });

  it('ends a run published from outside at once', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } });
    await manager.cancelRun('r1');
    expect(await manager.openRuns()).toEqual([]);
    expect((await manager.history()).events.at(-1)?.payload).toMatchObject({ status: 'cancelled' });
  });

  it('refuses runs that never were or that ended otherwise', async () => {
    const { hub, clock, connected } = setUp();
    const tab = await connected('alice');
    const run = await startRun(hub, 'alice');
    await run.complete();
    tab.say({ type: 'cancel_run', run_id: 'r1' });
    tab.say({ type: 'cancel_run', run_id: 'nobody-s' });
    await clock.settle();
    expect(framesOf(tab, 'error')).toMatchObject([
      { code: 'RUN_ALREADY_COMPLETED', ref: 'r1', fatal: false },
      { code: 'RUN_NOT_OPEN', ref: 'nobody-s', fatal: false },
    ]);
  });

  it('does not end the run when a socket closes', async () => {
    const { hub, connected } = setUp();
    const tab = await connected('alice');
    const run = await startRun(hub, 'alice');
    tab.cut();
    await run.think('nobody looks');
    expect(run.signal.aborted).toBe(false);
  });
});

describe('runs of the same id', () => {
  it('of two users have nothing to do with each other', async () => {
    const { hub, clock } = setUp();
    const alices = await startRun(hub, 'alice');
    const bobs = await startRun(hub, 'bob');

    await hub.manager({ userId: 'alice' }).cancelRun('r1');
    expect([alices.signal.aborted, bobs.signal.aborted]).toEqual([true, false]);
    await clock.advance(GRACE_MS);
    expect([alices.ended, bobs.ended]).toEqual([true, false]);
    await bobs.complete();

    expect((await hub.manager({ userId: 'bob' }).history()).events.at(-1)?.payload).toMatchObject({
      status: 'completed',
    });
  });

  it('of one user: the second is refused and does no harm to the first', async () => {
    const { hub } = setUp();
    const first = await startRun(hub, 'alice');
    expect(await outcome(startRun(hub, 'alice'))).toBe('RUN_ALREADY_STARTED');
    expect(first.ended).toBe(false);
    await first.think('still mine');
    await hub.manager({ userId: 'alice' }).cancelRun('r1');
    expect(first.signal.aborted).toBe(true);
  });
});
