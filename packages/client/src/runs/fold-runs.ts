import type { OpenRun, ReceivedEvent, RunSnapshotFrame } from '@ws/types';
import type { StreamItem } from '../stream-item.ts';
import { applyToRun } from './apply-to-run.ts';
import { emptyRun, type FoldedRun, type RunMap } from './run-view.ts';

const NO_RUNS: RunMap = new Map();

/**
 * The runs after one more item of the stream; the same map if it changes none. Pure: give it each item of
 * {@link Client.items} in turn, starting from an empty map.
 *
 * @example
 * ```ts
 * let runs: RunMap = new Map();
 * for await (const item of client.items()) {
 *   runs = foldRuns(runs, item);
 *   render([...runs.values()].map((run) => run.view));
 * }
 * ```
 */
export function foldRuns(runs: RunMap, item: StreamItem): RunMap {
  switch (item.kind) {
    case 'reset':
      return NO_RUNS;
    case 'run_snapshot':
      return withRun(runs, item.snapshot.run_id, fromSnapshot(item.snapshot, runs.get(item.snapshot.run_id)));
    case 'event': {
      const { event } = item;
      // A message of the user carries the id of the run that answers it, and is no part of it.
      if (event.run_id === undefined || event.type === 'user_message') return runs;
      const run = runs.get(event.run_id) ?? folded(emptyRun(event.run_id, event.thread_id));
      const next = foldRun(run, event);
      return next === runs.get(event.run_id) ? runs : withRun(runs, event.run_id, next);
    }
  }
}

/** The runs with those that the server says are open, where they are not known yet. */
export function seedRuns(runs: RunMap, openRuns: readonly OpenRun[]): RunMap {
  const unknown = openRuns.filter(({ run_id }) => !runs.has(run_id));
  if (unknown.length === 0) return runs;
  const seeds = unknown.map((open) => [open.run_id, folded(emptyRun(open.run_id, open.thread_id, open))] as const);
  return new Map([...runs, ...seeds]);
}

/**
 * The runs as their numbered events tell: for a new connection. What became of volatile events is in the log, if anywhere, and
 * comes from there, maybe joined with others.
 */
export function withoutVolatile(runs: RunMap): RunMap {
  if ([...runs.values()].every(({ volatile }) => volatile.length === 0)) return runs;
  return new Map([...runs].map(([runId, run]) => [runId, folded(run.confirmed, run.offset)] as const));
}

function foldRun(run: FoldedRun, event: ReceivedEvent): FoldedRun {
  if (event.offset === undefined) {
    return { ...run, view: applyToRun(run.view, event), volatile: [...run.volatile, event] };
  }
  // A snapshot may already hold it.
  if (event.offset <= run.offset) return run;
  const confirmed = applyToRun(run.confirmed, event);
  // The copies come in the order of the volatile events, merged ones under the last one's id; nothing follows the end.
  const copied = run.volatile.findIndex(({ event_id }) => event_id === event.event_id);
  const volatile = event.type === 'agent_completed' ? [] : run.volatile.slice(copied + 1);
  const view = volatile.reduce((shown, next) => applyToRun(shown, next), confirmed);
  return { view, confirmed, offset: event.offset, volatile };
}

function fromSnapshot({ run_id, thread_id, offset, state }: RunSnapshotFrame, seed: FoldedRun | undefined): FoldedRun {
  const empty = emptyRun(run_id, thread_id);
  const { pending_approvals } = seed?.confirmed ?? empty;
  return folded({ ...empty, ...state, pending_approvals }, offset);
}

function folded(view: FoldedRun['view'], offset = 0): FoldedRun {
  return { view, confirmed: view, offset, volatile: [] };
}

function withRun(runs: RunMap, runId: string, run: FoldedRun): RunMap {
  return new Map(runs).set(runId, run);
}
