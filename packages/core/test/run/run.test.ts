import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type Run } from '../../src/index.ts';
import { LogDoor } from '../support/log-door.ts';
import { outcome, setUp } from '../support/world.ts';

async function tail(run: Run, history: () => Promise<{ events: readonly { type: string; payload: unknown }[] }>) {
  const { events } = await history();
  return { ended: run.ended, last: events.slice(-2).map(({ type, payload }) => ({ type, payload })) };
}

describe('a run left by its agent', () => {
  it('ends as failed, also in the middle of a tool call', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    let left: Run | undefined;
    const work = async (): Promise<void> => {
      await using run = manager.run({ agentName: 'analyst' });
      left = run;
      await run.started();
      await run.toolExecuting({ toolName: 'read', args: {}, toolCallId: 'c1' });
      throw new Error('the tool broke');
    };
    await expect(work()).rejects.toThrow('the tool broke');
    if (left === undefined) throw new Error('no run');
    expect(await tail(left, () => manager.history())).toMatchObject({
      ended: true,
      last: [
        { type: 'tool_completed', payload: { tool_call_id: 'c1', success: false } },
        { type: 'agent_completed', payload: { status: 'failed' } },
      ],
    });
  });

  it('ends as cancelled if it was cancelled', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    {
      await using run = manager.run({ agentName: 'analyst', runId: 'r1' });
      await run.started();
      await manager.cancelRun('r1');
    }
    expect((await manager.history()).events.at(-1)?.payload).toMatchObject({ status: 'cancelled' });
  });

  it('needs no end if it was never started, or has one', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    {
      await using never = manager.run({ agentName: 'analyst' });
      await using done = manager.run({ agentName: 'analyst' });
      expect(never.ended).toBe(false);
      await done.started();
      await done.complete();
    }
    expect((await manager.history()).events.map(({ type }) => type)).toEqual(['agent_started', 'agent_completed']);
  });
});

describe('starting a run', () => {
  it('that fails leaves nothing behind: it can be tried again, and the stream may go', async () => {
    const door = new LogDoor(new MemoryEventLog());
    const { hub, clock } = setUp({ log: door, streamIdleMs: 1_000 });
    const run = hub.manager({ userId: 'alice' }).run({ agentName: 'analyst' });
    door.appendFault = new Error('disk on fire');
    expect(await outcome(run.started())).toBe('INTERNAL');
    await clock.advance(2_000);
    expect(hub.stats().streams).toBe(0);
    door.appendFault = undefined;
    expect(await outcome(run.started())).toBe('ok');
  });

  it('twice is refused and keeps the run', async () => {
    const { hub } = setUp();
    const run = hub.manager({ userId: 'alice' }).run({ agentName: 'analyst' });
    await run.started();
    expect(await outcome(run.started())).toBe('RUN_ALREADY_STARTED');
    await hub.manager({ userId: 'alice' }).cancelRun(run.runId);
    expect(run.signal.aborted).toBe(true);
  });

  it('names its parent and its task', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.run({ agentName: 'helper', runId: 'r2', parentRunId: 'r1', threadId: 't1' }).started({ task: 'sum' });
    expect((await manager.history()).events).toMatchObject([
      { run_id: 'r2', thread_id: 't1', payload: { agent_name: 'helper', task: 'sum', parent_run_id: 'r1' } },
    ]);
  });
});

describe('the end of a run', () => {
  it('is refused while a tool call is open, and final', async () => {
    const { hub } = setUp();
    const run = hub.manager({ userId: 'alice' }).run({ agentName: 'analyst' });
    await run.started();
    const call = await run.toolExecuting({ toolName: 'read', args: {} });
    expect(await outcome(run.complete())).toBe('TOOL_CALLS_OPEN');
    await call.failed('no such file');
    expect(await outcome(call.completed(1))).toBe('TOOL_CALL_NOT_EXECUTING');
    await run.complete({ usage: { tokens: 3 } });
    expect(await outcome(run.complete())).toBe('RUN_ALREADY_COMPLETED');
    expect(await outcome(run.respond('more'))).toBe('RUN_ALREADY_COMPLETED');
  });
});
