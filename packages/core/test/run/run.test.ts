import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type Run, type UnifiedWebSocketManager } from '../../src/index.ts';
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

describe('an agent that gives up in the middle of a tool call', () => {
  async function inToolCall() {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    const run = manager.run({ agentName: 'analyst', runId: 'r1', threadId: 't1' });
    await run.started();
    const call = await run.toolExecuting({ toolName: 'read', args: {}, toolCallId: 'c1' });
    return { manager, run, call };
  }

  const ends = async (manager: UnifiedWebSocketManager) =>
    (await manager.history()).events.slice(2).map(({ type, payload, thread_id }) => ({ type, payload, thread_id }));

  const endOf = (error: string | undefined, status: string) => [
    { type: 'tool_completed', thread_id: 't1', payload: { tool_call_id: 'c1', tool_name: 'read', success: false } },
    { type: 'agent_completed', thread_id: 't1', payload: error === undefined ? { status } : { status, error } },
  ];

  it('fails the run with its reason, and the tool call with the same', async () => {
    const { manager, run, call } = await inToolCall();
    await run.toolExecuting({ toolName: 'read', args: {}, toolCallId: 'c2' });
    await call.completed('read');
    const receipt = await run.fail('the disk is full');
    const events = await ends(manager);
    expect(events.slice(2)).toMatchObject([
      { type: 'tool_completed', payload: { tool_call_id: 'c2', success: false, error: 'the disk is full' } },
      { type: 'agent_completed', thread_id: 't1', payload: { status: 'failed', error: 'the disk is full' } },
    ]);
    expect(receipt.offset).toBe((await manager.position()).offset);
    expect(await outcome(call.failed('too late'))).toBe('RUN_ALREADY_COMPLETED');
    expect(await outcome(run.fail('again'))).toBe('RUN_ALREADY_COMPLETED');
  });

  it('cancels the run', async () => {
    const { manager, run } = await inToolCall();
    await run.cancelled();
    expect(await ends(manager)).toMatchObject(endOf(undefined, 'cancelled'));
  });

  it('completes a cancelled run with what it has', async () => {
    const { manager, run } = await inToolCall();
    await manager.cancelRun('r1');
    await run.complete({ finalResponse: 'so far' });
    expect(await ends(manager)).toMatchObject([
      { type: 'tool_completed', payload: { success: false, error: 'cancelled by the user' } },
      { type: 'agent_completed', payload: { status: 'cancelled', final_response: 'so far' } },
    ]);
  });

  it('may not complete a run that was not cancelled: a result is missing', async () => {
    const { run } = await inToolCall();
    expect(await outcome(run.complete())).toBe('TOOL_CALLS_OPEN');
  });

  it('fails also a tool call whose event is still on its way', async () => {
    const { manager, run } = await inToolCall();
    const calling = run.toolExecuting({ toolName: 'read', args: {}, toolCallId: 'c2' });
    await run.fail('the disk is full');
    await calling;
    const events = await ends(manager);
    expect(events.map(({ type }) => type)).toEqual([
      'tool_executing',
      'tool_completed',
      'tool_completed',
      'agent_completed',
    ]);
    expect(events.at(-1)?.payload).toMatchObject({ status: 'failed', error: 'the disk is full' });
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
