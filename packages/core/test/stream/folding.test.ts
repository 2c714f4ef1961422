import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldRunEvent, parseServerFrame, toThreadId, type NumberedEvent, type RunState } from '@ws/types';
import type { LogEvent } from '../../src/log.ts';
import { applyRunEvent } from '../../src/run/apply-run-event.ts';
import { judgeRunOrder } from '../../src/run/run-order.ts';
import { advanceCheckpoint, EMPTY_CHECKPOINT, restoreRuns, type Checkpoint } from '../../src/stream/checkpoint.ts';
import { decodeEvent, toRunEvent } from '../../src/stream/event-codec.ts';
import { framesFor } from '../../src/stream/event-frames.ts';
import { logEvent } from '../support/log-events.ts';
import { validEvents } from '../support/valid-events.ts';

/** What a client is sent of events that it comes back for: deltas joined. */
function caughtUp(events: readonly LogEvent[], after: number, threads: ReadonlySet<string> | null): NumberedEvent[] {
  const asked = threads === null ? null : new Set([...threads].map(toThreadId));
  const view = { threads: asked, merge: true, shown: new Set<never>() };
  return framesFor(events, view, after).group.frames.map(({ text }) => {
    const parsed = parseServerFrame(JSON.parse(text));
    if (!parsed.ok || !('event_id' in parsed.value) || parsed.value.offset === undefined) throw new Error(text);
    return parsed.value;
  });
}

function statesOf(events: readonly NumberedEvent[], from: Checkpoint = EMPTY_CHECKPOINT): Map<string, RunState> {
  const states = new Map<string, RunState>(from.open.map(({ run_id, state }) => [run_id, state]));
  for (const event of events) {
    if (event.run_id !== undefined) states.set(event.run_id, foldRunEvent(states.get(event.run_id), event));
  }
  return states;
}

const asLogged = ({ offset, type, payload, run_id, thread_id }: NumberedEvent): LogEvent =>
  logEvent(offset, { type, payload: { ...payload }, runId: run_id, threadId: thread_id });

it('a snapshot of any beginning and the joined rest end in the state of one who saw every event', () => {
  fc.assert(
    fc.property(validEvents, fc.nat(60), (events, cut) => {
      const first = advanceCheckpoint(EMPTY_CHECKPOINT, events.slice(0, cut));
      const rest = caughtUp(events.slice(cut), first.offset, null);
      const seen = statesOf(events.map(decodeEvent));
      for (const [runId, state] of statesOf(rest, first)) expect(state).toEqual(seen.get(runId));
      expect(rest.length).toBeLessThanOrEqual(Math.max(0, events.length - cut));
    }),
    { numRuns: 500 },
  );
});

it('what is left after deltas were joined is a valid run, from any cut, in any view', () => {
  const threads = fc.option(fc.subarray(['t1', 't2']), { nil: null });
  fc.assert(
    fc.property(validEvents, fc.nat(60), threads, (events, cut, wanted) => {
      const inView = events.filter(
        ({ threadId }) => wanted === null || threadId === undefined || wanted.some((each) => each === threadId),
      );
      const first = advanceCheckpoint(EMPTY_CHECKPOINT, inView.slice(0, cut));
      const runs = restoreRuns(first);
      for (const frame of caughtUp(inView.slice(cut), first.offset, wanted === null ? null : new Set(wanted))) {
        const event = toRunEvent(asLogged(frame));
        expect(judgeRunOrder(runs, event)).toBeUndefined();
        applyRunEvent(runs, event, frame.offset);
      }
    }),
    { numRuns: 500 },
  );
});
