import fc from 'fast-check';
import type { EventInput } from '@ws/types';
import type { LogEvent } from '../../src/log.ts';
import { logEvent } from './log-events.ts';
import { anyRunEvent, refusalByModel } from './run-model.ts';

/** Events a log may hold: in right order, numbered from 1. */
export const validEvents: fc.Arbitrary<LogEvent[]> = fc.array(anyRunEvent, { maxLength: 60 }).map((events) => {
  const accepted: EventInput[] = [];
  for (const event of events) if (refusalByModel(accepted, event) === undefined) accepted.push(event);
  // An event of a run is in the thread of the run, also where its publisher did not say so.
  const threadOf = (runId: string | undefined): string | undefined =>
    accepted.find(({ type, run_id }) => type === 'agent_started' && run_id === runId)?.thread_id;
  return accepted.map(({ type, payload, run_id }, i) =>
    logEvent(i + 1, { type, payload: { ...payload }, runId: run_id, threadId: threadOf(run_id) }),
  );
});
