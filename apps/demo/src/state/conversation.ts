import { foldRuns, seedRuns, type RunMap } from '@ws/client';
import type { PageInput } from './page-input.ts';
import type { ReceivedEvent } from '@ws/types';
import { NO_TRACE, traceEvent, type RunTrace } from './run-trace.ts';
import { threadsAfterEvent, threadsWithOpenRuns, type ThreadMap } from './threads.ts';

/** What was said and done, built from events alone. */
export interface Conversation {
  readonly threads: ThreadMap;
  /** The state of each run, folded by the client's own functions. */
  readonly runs: RunMap;
  readonly traces: ReadonlyMap<string, RunTrace>;
}

export const NO_CONVERSATION: Conversation = { threads: new Map(), runs: new Map(), traces: new Map() };

export function reduceConversation(conversation: Conversation, input: PageInput): Conversation {
  if (input.kind === 'ready') {
    const { open_runs } = input.ready;
    return {
      ...conversation,
      runs: seedRuns(conversation.runs, open_runs),
      threads: threadsWithOpenRuns(conversation.threads, open_runs, input.at),
    };
  }
  if (input.kind === 'approvals_read') {
    return { ...conversation, runs: seedRuns(conversation.runs, input.openRuns) };
  }
  if (input.kind !== 'item') return conversation;
  const { item } = input;
  if (item.kind === 'reset') return NO_CONVERSATION;
  const runs = foldRuns(conversation.runs, item);
  if (item.kind === 'run_snapshot') return { ...conversation, runs };

  const { event } = item;
  const replay = item.kind === 'event' && item.replay;
  const threads = threadsAfterEvent(conversation.threads, event, replay);
  // A numbered copy of what was shown before is not another event.
  const isCopy = item.kind === 'event' && item.replaces !== undefined;
  const counts = event.run_id !== undefined && event.type !== 'user_message' && !isCopy;
  return {
    threads,
    runs,
    traces: counts ? traced(conversation.traces, event.run_id, event, replay) : conversation.traces,
  };
}

function traced(
  traces: ReadonlyMap<string, RunTrace>,
  runId: string,
  event: ReceivedEvent,
  replay: boolean,
): ReadonlyMap<string, RunTrace> {
  return new Map(traces).set(runId, traceEvent(traces.get(runId) ?? NO_TRACE, event, replay));
}
