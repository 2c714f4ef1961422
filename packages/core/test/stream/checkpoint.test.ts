import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRunEvent, type EventInput, type RunState } from '@ws/types';
import type { LogEvent } from '../../src/index.ts';
import {
  advanceCheckpoint,
  decodeCheckpoint,
  EMPTY_CHECKPOINT,
  encodeCheckpoint,
  restoreRuns,
  type Checkpoint,
} from '../../src/stream/checkpoint.ts';
import { logEvent } from '../support/log-events.ts';
import { anyRunEvent, refusalByModel } from '../support/run-model.ts';

/** Events a log may hold: in right order, numbered from 1. */
const validEvents: fc.Arbitrary<LogEvent[]> = fc.array(anyRunEvent, { maxLength: 60 }).map((events) => {
  const accepted: EventInput[] = [];
  for (const event of events) if (refusalByModel(accepted, event) === undefined) accepted.push(event);
  return accepted.map(({ type, payload, run_id, thread_id }, i) =>
    logEvent(i + 1, { type, payload: { ...payload }, runId: run_id, threadId: thread_id }),
  );
});

const fold = (events: readonly LogEvent[], from: Checkpoint = EMPTY_CHECKPOINT): Checkpoint =>
  advanceCheckpoint(from, events);

describe('a checkpoint', () => {
  it('of the first events, advanced by the rest, is the checkpoint of all, also through its text', () => {
    fc.assert(
      fc.property(validEvents, fc.nat(60), (events, cut) => {
        const first = fold(events.slice(0, cut));
        const all = fold(events);
        expect(fold(events.slice(cut), first)).toEqual(all);
        expect(fold(events.slice(cut), decodeCheckpoint(encodeCheckpoint(first)))).toEqual(all);
        expect(all.offset).toBe(events.length);
      }),
    );
  });

  it('holds the state of each open run as one sees it who saw every event', () => {
    fc.assert(
      fc.property(validEvents, (events) => {
        const checkpoint = fold(events);
        for (const run of checkpoint.open) {
          const own = events.filter(({ runId }) => runId === run.run_id);
          const state = own.reduce<RunState | undefined>((before, { type, data }) => {
            const { payload } = JSON.parse(data) as { payload: unknown };
            return foldRunEvent(before, { type, payload });
          }, undefined);
          expect(run.state).toEqual(state);
        }
        const ended = new Set(checkpoint.ended.map(([runId]) => runId));
        expect(new Set(events.map(({ runId }) => runId))).toEqual(
          new Set([...ended, ...checkpoint.open.map((run) => run.run_id)]),
        );
      }),
    );
  });

  it('gives the run table back', () => {
    fc.assert(
      fc.property(validEvents, (events) => {
        const checkpoint = fold(events);
        const runs = restoreRuns(decodeCheckpoint(encodeCheckpoint(checkpoint)));
        expect(fold([], checkpoint)).toEqual(checkpoint);
        expect(runs.openCount).toBe(checkpoint.open.length);
        expect([...runs.endedRuns()]).toEqual(checkpoint.ended);
      }),
    );
  });

  it.each([
    ['', 'not JSON'],
    ['{"offset":1', 'cut off'],
    ['null', 'no object'],
    ['[]', 'an array'],
    ['{"offset":"1","open":[],"ended":[]}', 'a wrong offset'],
    ['{"offset":1,"open":[]}', 'a missing field'],
    ['{"offset":1,"open":[{}],"ended":[]}', 'an empty run'],
    ['{"offset":1,"open":[null],"ended":[]}', 'no run'],
    ['{"offset":1,"open":[],"ended":[1]}', 'a wrong end'],
  ])('that is damaged is refused with LOG_CORRUPT: %s (%s)', (text) => {
    expect(() => decodeCheckpoint(text)).toThrow(expect.objectContaining({ code: 'LOG_CORRUPT' }));
  });
});
