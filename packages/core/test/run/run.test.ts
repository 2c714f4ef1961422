import { describe, expect, expectTypeOf, it } from 'vitest';
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
      await using run = await manager.startRun({ agentName: 'analyst' });
      left = run;
      await run.emit('tool_executing', { tool_call_id: 'c1', tool_name: 'read', args: {} });
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
      await using run = await manager.startRun({ agentName: 'analyst' });
      await manager.cancelRun(run.runId);
    }
    expect((await manager.history()).events.at(-1)?.payload).toMatchObject({ status: 'cancelled' });
  });

  it('gets no second end', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    {
      await using done = await manager.startRun({ agentName: 'analyst' });
      await done.complete();
    }
    expect((await manager.history()).events.map(({ type }) => type)).toEqual(['agent_started', 'agent_completed']);
  });
});

const CALL = { tool_call_id: 'c1', tool_name: 'read' } as const;

describe('an agent that gives up in the middle of a tool call', () => {
  async function inToolCall() {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    const run = await manager.startRun({ agentName: 'analyst', runId: 'r1', threadId: 't1' });
    await run.emit('tool_executing', { ...CALL, args: {} });
    return { manager, run };
  }

  const ends = async (manager: UnifiedWebSocketManager) =>
    (await manager.history()).events.slice(2).map(({ type, payload, thread_id }) => ({ type, payload, thread_id }));

  it('fails the run with its reason, and the tool call with the same', async () => {
    const { manager, run } = await inToolCall();
    await run.emit('tool_executing', { tool_call_id: 'c2', tool_name: 'read', args: {} });
    await run.emit('tool_completed', { ...CALL, success: true, duration_ms: 1 });
    const receipt = await run.fail('the disk is full');
    const events = await ends(manager);
    expect(events.slice(2)).toMatchObject([
      { type: 'tool_completed', payload: { tool_call_id: 'c2', success: false, error: 'the disk is full' } },
      { type: 'agent_completed', thread_id: 't1', payload: { status: 'failed', error: 'the disk is full' } },
    ]);
    expect(receipt.offset).toBe((await manager.position()).offset);
    expect(await outcome(run.fail('again'))).toBe('RUN_ALREADY_COMPLETED');
  });

  it('fails a cancelled run, which ends as cancelled', async () => {
    const { manager, run } = await inToolCall();
    await manager.cancelRun('r1');
    await run.fail('stopped');
    expect(await ends(manager)).toMatchObject([
      { type: 'tool_completed', thread_id: 't1', payload: { ...CALL, success: false, error: 'stopped' } },
      { type: 'agent_completed', thread_id: 't1', payload: { status: 'cancelled', error: 'stopped' } },
    ]);
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
    const calling = run.emit('tool_executing', { tool_call_id: 'c2', tool_name: 'read', args: {} });
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
    const { hub, clock } = setUp({ log: door, tuning: { streamIdleMs: 1_000 } });
    const start = () => hub.manager({ userId: 'alice' }).startRun({ agentName: 'analyst', runId: 'r1' });
    door.appendFault = new Error('disk on fire');
    expect(await outcome(start())).toBe('INTERNAL');
    await clock.advance(2_000);
    expect(hub.stats().streams).toBe(0);
    door.appendFault = undefined;
    expect(await outcome(start())).toBe('ok');
  });

  it('twice is refused and keeps the run', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    const run = await manager.startRun({ agentName: 'analyst', runId: 'r1' });
    expect(await outcome(manager.startRun({ agentName: 'analyst', runId: 'r1' }))).toBe('RUN_ALREADY_STARTED');
    await manager.cancelRun('r1');
    expect(run.signal.aborted).toBe(true);
  });

  it('names its parent and its task', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.startRun({ agentName: 'helper', runId: 'r2', parentRunId: 'r1', threadId: 't1', task: 'sum' });
    expect((await manager.history()).events).toMatchObject([
      { run_id: 'r2', thread_id: 't1', payload: { agent_name: 'helper', task: 'sum', parent_run_id: 'r1' } },
    ]);
  });
});

describe('the end of a run', () => {
  it('is refused while a tool call is open, and final', async () => {
    const { hub } = setUp();
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'analyst' });
    await run.tool('read', {}, async () => {
      expect(await outcome(run.complete())).toBe('TOOL_CALLS_OPEN');
    });
    await run.complete({ usage: { tokens: 3 } });
    expect(await outcome(run.complete())).toBe('RUN_ALREADY_COMPLETED');
    expect(await outcome(run.write('more'))).toBe('RUN_ALREADY_COMPLETED');
  });
});

describe('a tool call', () => {
  async function started(options: Parameters<typeof setUp>[0] = {}) {
    const world = setUp(options);
    const manager = world.hub.manager({ userId: 'alice' });
    const run = await manager.startRun({ agentName: 'analyst', runId: 'r1', threadId: 't1' });
    const calls = async () =>
      (await manager.history()).events.flatMap(({ type, payload, thread_id }) =>
        type.startsWith('tool_') ? [{ type, thread_id, ...payload }] : [],
      );
    return { ...world, manager, run, calls };
  }

  it('is two events around the work, which takes its time and gets the signal of the run', async () => {
    const { clock, run, calls } = await started();
    const result = await run.tool('count', { path: 'a.ts' }, async (signal) => {
      expect(signal).toBe(run.signal);
      expect(await calls()).toHaveLength(1);
      await clock.advance(250);
      return { lines: 3 };
    });
    expect(result).toEqual({ lines: 3 });
    const [executing, completed] = await calls();
    expect(executing).toMatchObject({
      type: 'tool_executing',
      thread_id: 't1',
      tool_name: 'count',
      args: { path: 'a.ts' },
    });
    expect(completed).toEqual({
      type: 'tool_completed',
      thread_id: 't1',
      tool_call_id: executing && 'tool_call_id' in executing ? executing.tool_call_id : 'none',
      tool_name: 'count',
      success: true,
      result: { lines: 3 },
      duration_ms: 250,
    });
  });

  it('that throws has failed with the reason, and throws on', async () => {
    const { run, calls } = await started();
    const fault = new Error('no such file');
    const work = () => Promise.reject(fault);
    await expect(run.tool('read', {}, work, { toolCallId: 'c1' })).rejects.toBe(fault);
    expect((await calls()).at(-1)).toMatchObject({ tool_call_id: 'c1', success: false, error: 'no such file' });
    await run.complete();
  });

  it('that throws before it promises anything is no other', async () => {
    const { run, calls } = await started();
    const work = () => {
      throw new TypeError('not a number');
    };
    await expect(run.tool('add', {}, work)).rejects.toThrow('not a number');
    expect((await calls()).at(-1)).toMatchObject({ success: false, error: 'not a number' });
  });

  it('without a result succeeds without one', async () => {
    const { run, calls } = await started();
    expect(await run.tool('touch', {}, async () => undefined)).toBeUndefined();
    const last = (await calls()).at(-1);
    expect(last).toMatchObject({ success: true });
    expect(last).not.toHaveProperty('result');
  });

  it.each([
    ['too large', 'EVENT_TOO_BIG', () => 'x'.repeat(2_000)],
    ['no JSON', 'INVALID_EVENT', () => (() => 1) as unknown as string],
  ])('whose result is %s has failed, and its run can go on', async (_, code, work) => {
    const { run, calls } = await started({ limits: { eventBytes: 1_000 } });
    expect(await outcome(run.tool('read', {}, work))).toBe(code);
    expect((await calls()).at(-1)).toMatchObject({ success: false });
    await run.complete();
  });

  it('of a run that is cancelled meanwhile fails as cancelled, whatever the work throws', async () => {
    const { manager, run, calls } = await started();
    const work = async (signal: AbortSignal) => {
      await manager.cancelRun('r1');
      signal.throwIfAborted();
    };
    await expect(run.tool('slow', {}, work)).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
    expect((await calls()).at(-1)).toMatchObject({ success: false, error: 'cancelled by the user' });
    await run.complete();
    expect((await manager.history()).events.at(-1)?.payload).toMatchObject({ status: 'cancelled' });
  });

  it('of a run that was ended meanwhile has failed already, and its result is refused', async () => {
    const { manager, run, calls } = await started();
    const work = async () => {
      await manager.interruptRun('r1');
      return 'late';
    };
    expect(await outcome(run.tool('slow', {}, work))).toBe('RUN_ALREADY_COMPLETED');
    expect((await calls()).filter(({ type }) => type === 'tool_completed')).toMatchObject([{ success: false }]);
  });

  it('has the id of its approval', async () => {
    const { run, calls } = await started();
    await run.tool('mail', {}, () => 'sent', { toolCallId: 'mail-1' });
    expect(await calls()).toMatchObject([{ tool_call_id: 'mail-1' }, { tool_call_id: 'mail-1' }]);
    expect(await outcome(run.tool('mail', {}, () => 'sent', { toolCallId: 'mail-1' }))).not.toBe('ok');
  });
});

it('a run shows its agent nothing that is the business of the hub', () => {
  expectTypeOf<keyof Run>().toEqualTypeOf<
    | ('runId' | 'threadId' | 'agentName' | 'signal' | 'ended' | 'think' | 'write' | 'tool' | 'requestApproval')
    | ('emit' | 'complete' | 'fail' | typeof Symbol.asyncDispose)
  >();
});
