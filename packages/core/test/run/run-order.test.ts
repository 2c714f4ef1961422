import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
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
    const { hub } = setUp({ maxOpenRunsPerUser: 2 });
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll([started('r1'), started('r2')]);
    expect(await outcome(manager.emit(started('r3')))).toBe('RUN_LIMIT');
    await manager.cancelRun('r1');
    expect(await outcome(manager.emit(started('r3')))).toBe('ok');
    expect(await outcome(hub.manager({ userId: 'bob' }).emit(started('r3')))).toBe('ok');
  });

  it('holds after the stream left memory and came back', async () => {
    const { hub, clock } = setUp({ streamIdleMs: 1_000 });
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(started('r1'));
    await clock.advance(2_000);
    expect(hub.stats().streams).toBe(0);
    expect(await outcome(manager.emit(started('r1')))).toBe('RUN_ALREADY_STARTED');
    expect(await outcome(manager.emit(chunk('r1')))).toBe('ok');
  });
});
