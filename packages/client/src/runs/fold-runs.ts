import type { OpenRun, ReceivedEvent, RunSnapshotFrame } from '@ws/types';
import type { StreamItem } from '../stream-item.ts';
import { completed } from '../approvals.ts';
import { applyToRun } from './apply-to-run.ts';
import { emptyRun, joinedRun, type FoldedRun, type RunMap, type RunView } from './run-view.ts';

const NO_RUNS: RunMap = new Map();

/**
 * The runs after one more item of the stream; the same map if it changes none. Pure: give it each item of
 * {@link Client.stream} in turn, starting from an empty map.
 *
 * @example
 * ```ts
 * let runs: RunMap = new Map();
 * for await (const item of client.stream()) {
 *   runs = foldRuns(runs, item);
 *   render([...runs.values()].map((run) => run.view));
 * }
 * ```
 */
export function foldRuns(runs: RunMap, item: StreamItem): RunMap {
  if (item.kind === 'reset') return NO_RUNS;
  const changed = changedRun(runs, item);
  return changed === null ? runs : new Map(runs).set(...changed);
}

/** The run that an item of the stream changes, with its id, as it is then; `null` if it changes none. */
export function changedRun(
  runs: RunMap,
  item: Exclude<StreamItem, { kind: 'reset' }>,
): readonly [runId: string, run: FoldedRun] | null {
  if (item.kind === 'run_snapshot') {
    const { run_id } = item.snapshot;
    return [run_id, fromSnapshot(item.snapshot, runs.get(run_id))];
  }
  const { event } = item;
  const { run_id } = event;
  // A message of the user carries the id of the run that answers it, and is no part of it.
  if (run_id === undefined || event.type === 'user_message') return null;
  const known = runs.get(run_id);
  const next = foldRun(known ?? folded(joinedRun(run_id, event.thread_id)), event);
  return next === known ? null : [run_id, next];
}

/**
 * The runs with those that the server says are open, where they are not known yet, and with arguments of approvals that were read since:
 * for `ready`, and for `openRuns`.
 */
export function seedRuns(runs: RunMap, openRuns: readonly OpenRun[]): RunMap {
  const changed = new Map<string, FoldedRun>();
  for (const open of openRuns) {
    const known = runs.get(open.run_id);
    const next = known === undefined ? folded(joinedRun(open.run_id, open.thread_id, open)) : withReadArgs(known, open);
    if (next !== known) changed.set(open.run_id, next);
  }
  return changed.size === 0 ? runs : new Map([...runs, ...changed]);
}

function withReadArgs(run: FoldedRun, { pending_approvals }: OpenRun): FoldedRun {
  const read = (view: RunView): RunView => {
    const approvals = completed(view.pending_approvals, pending_approvals);
    return approvals === view.pending_approvals ? view : { ...view, pending_approvals: approvals };
  };
  const confirmed = read(run.confirmed);
  return confirmed === run.confirmed ? run : { ...run, confirmed, view: read(run.view) };
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
