import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toThreadId, type EventInput } from '@ws/types';
import { applyRunEvent } from '../../src/run/apply-run-event.ts';
import type { RunEvent } from '../../src/run/run-event.ts';
import { judgeRunOrder } from '../../src/run/run-order.ts';
import { RunTable } from '../../src/run/run-table.ts';
import { asked, decided, ended, started as begin, toolEnd, toolStart } from '../support/run-events.ts';
import { outcome, setUp } from '../support/world.ts';
import { anyRunEvent, refusalByModel } from '../support/run-model.ts';

const started = (run_id: string, more: object = {}): EventInput => ({
  type: 'agent_started',
  run_id,
  payload: { agent_name: 'a' },
  ...more,
});
const chunk = (run_id: string, more: object = {}): EventInput => ({
  type: 'agent_response_chunk',
  run_id,
  payload: { delta: 'x' },
  ...more,
});

function tableAfter(...events: readonly RunEvent[]): RunTable {
  const runs = new RunTable();
  for (const event of events) applyRunEvent(runs, event, 1);
  return runs;
}

describe('the order of a run', () => {
  it('is what a simple model says, for any sequence of events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRunEvent, { maxLength: 40 }), async (events) => {
        const { hub } = setUp();
        const manager = hub.manager({ userId: 'alice' });
        const accepted: EventInput[] = [];
        for (const event of events) {
          const expected = refusalByModel(accepted, event);
          expect(await outcome(manager.emit(event))).toBe(expected ?? 'ok');
          if (expected === undefined) accepted.push(event);
        }
        expect((await manager.history({ limit: 100 })).events.map(({ type }) => type)).toEqual(
          accepted.map(({ type }) => type),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is judged for a batch as for single events, all or none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyRunEvent, { minLength: 1, maxLength: 5 }), { maxLength: 10 }),
        async (batches) => {
          const { hub } = setUp();
          const manager = hub.manager({ userId: 'alice' });
          let accepted: EventInput[] = [];
          for (const batch of batches) {
            let refusal: string | undefined;
            const trial = [...accepted];
            for (const event of batch) {
              refusal ??= refusalByModel(trial, event);
              trial.push(event);
            }
            expect(await outcome(manager.emitAll(batch))).toBe(refusal ?? 'ok');
            if (refusal === undefined) accepted = trial;
          }
          expect((await manager.position()).offset).toBe(accepted.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('names the run, and tells a cancelled run from an ended one', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(started('r1'));
    await manager.cancelRun('r1');
    await expect(manager.emit(chunk('r1'))).rejects.toMatchObject({
      code: 'RUN_CANCELLED',
      message: expect.stringContaining('r1') as string,
      details: { status: 'cancelled' },
    });
  });

  it('puts events of a run into the thread of the run', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll([
      started('r1', { thread_id: 't1' }),
      chunk('r1'),
      { type: 'note', run_id: 'r1', payload: {} } as unknown as EventInput,
    ]);
    expect((await manager.history()).events.map(({ thread_id }) => thread_id)).toEqual(['t1', 't1', 't1']);
    expect(await outcome(manager.emit(chunk('r1', { thread_id: 't2' })))).toBe('RUN_THREAD_MISMATCH');
  });

  it('allows a limited number of open runs', async () => {
    const { hub } = setUp({ limits: { openRunsPerUser: 2 } });
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll([started('r1'), started('r2')]);
    expect(await outcome(manager.emit(started('r3')))).toBe('RUN_LIMIT');
    await manager.cancelRun('r1');
    expect(await outcome(manager.emit(started('r3')))).toBe('ok');
    expect(await outcome(hub.manager({ userId: 'bob' }).emit(started('r3')))).toBe('ok');
  });

  it('says how an ended run ended, and of which thread a run is', () => {
    const runs = tableAfter(begin, ended('failed'));
    expect(judgeRunOrder(runs, toolStart('c1'))).toMatchObject({
      code: 'RUN_ALREADY_COMPLETED',
      details: { status: 'failed' },
    });
    expect(judgeRunOrder(runs, begin)?.code).toBe('RUN_ALREADY_COMPLETED');
    const inThread = judgeRunOrder(tableAfter(begin), { ...toolStart('c1'), threadId: toThreadId('t2') });
    expect(inThread?.message).toMatch(/belongs to thread t1, not to thread t2/);
    const inNone = tableAfter({ ...begin, threadId: undefined });
    expect(judgeRunOrder(inNone, toolStart('c1'))?.message).toMatch(/belongs to no thread, not to thread t1/);
    expect(judgeRunOrder(tableAfter(begin), { ...toolStart('c1'), threadId: undefined })).toBeUndefined();
  });

  it('knows one pending approval of a call at a time', () => {
    const runs = tableAfter(begin, asked('c1'));
    expect(judgeRunOrder(runs, asked('c1'))?.code).toBe('APPROVAL_ALREADY_PENDING');
    expect(judgeRunOrder(runs, asked('c2'))).toBeUndefined();
    expect(judgeRunOrder(runs, decided('c1'))).toBeUndefined();
    expect(judgeRunOrder(runs, decided('c2'))?.code).toBe('APPROVAL_NOT_PENDING');
  });

  it('allows a limited number of open calls and approvals of one run', () => {
    const runs = tableAfter(begin);
    for (let i = 0; i < 999; i += 1)
      for (const event of [toolStart(`c${i}`), asked(`a${i}`)]) applyRunEvent(runs, event, 2);
    for (const event of [toolStart('c999'), asked('a999')]) {
      expect(judgeRunOrder(runs, event)).toBeUndefined();
      applyRunEvent(runs, event, 3);
    }
    expect(judgeRunOrder(runs, toolStart('more'))).toMatchObject({
      code: 'RUN_LIMIT',
      message: /1000 open tool calls/,
    });
    expect(judgeRunOrder(runs, asked('more'))).toMatchObject({ code: 'RUN_LIMIT', message: /1000 open approvals/ });
    applyRunEvent(runs, toolEnd('c0'), 4);
    expect(judgeRunOrder(runs, toolStart('more'))).toBeUndefined();
  });

  it('begins anew for the id of a run that ended a thousand runs ago, and refuses its other events', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    const completed = (run_id: string): EventInput => ({
      type: 'agent_completed',
      run_id,
      payload: { status: 'completed', duration_ms: 1 },
    });
    for (let i = 0; i <= 1_000; i += 1) await manager.emitAll([started(`r${i}`), completed(`r${i}`)]);
    expect(await outcome(manager.emit(chunk('r0')))).toBe('RUN_NOT_OPEN');
    expect(await outcome(manager.emit(chunk('r1')))).toBe('RUN_ALREADY_COMPLETED');
    expect(await outcome(manager.emit(started('r1')))).toBe('RUN_ALREADY_COMPLETED');
    expect(await outcome(manager.emit(started('r0')))).toBe('ok');
  });

  it('holds after the stream left memory and came back', async () => {
    const { hub, clock } = setUp({ tuning: { streamIdleMs: 1_000 } });
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(started('r1'));
    await clock.advance(2_000);
    expect(hub.stats().streams).toBe(0);
    expect(await outcome(manager.emit(started('r1')))).toBe('RUN_ALREADY_STARTED');
    expect(await outcome(manager.emit(chunk('r1')))).toBe('ok');
  });
});
