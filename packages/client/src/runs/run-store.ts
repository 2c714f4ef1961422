import type { Offset, OpenRun } from '@ws/types';
import type { Client, Unsubscribe } from '../client.ts';
import type { StreamItem } from '../stream-item.ts';
import { changedRun, seedRuns, withoutVolatile } from './fold-runs.ts';
import type { FoldedRun, RunMap, RunView } from './run-view.ts';

/** The runs of a client, kept up to date. `getSnapshot` and `subscribe` fit React's `useSyncExternalStore`. */
export interface RunStore {
  /** The runs, oldest first; the same array until one changes. */
  getSnapshot(): readonly RunView[];
  /** One run; the same object until it changes. */
  get(runId: string): RunView | undefined;
  /** Calls `listener` after each change. */
  subscribe(listener: () => void): Unsubscribe;
  /** Stops following the client; what is known stays. */
  close(): void;
}

/** Options of {@link createRunStore}. */
export interface RunStoreOptions {
  /** Runs kept; beyond it the oldest that has ended goes. @default 500 */
  readonly maxRuns?: number;
}

/**
 * Folds what a client receives into runs: reasoning, answer, tools, status, open approvals. Handles merged deltas, volatile
 * events and their numbered copies, resets and snapshots.
 *
 * @example
 * ```ts
 * const store = createRunStore(client);
 * const runs = useSyncExternalStore(store.subscribe, store.getSnapshot);
 * ```
 */
export function createRunStore(client: Client, { maxRuns = 500 }: RunStoreOptions = {}): RunStore {
  const listeners = new Set<{ readonly call: () => void }>();
  // Changed in place, as a copy for each delta would cost as much as there are runs.
  let runs = new Map<string, FoldedRun>();
  // The offset at which each run began: a run that is open is known before older runs are replayed.
  const starts = new Map<string, Offset>();
  let snapshot: readonly RunView[] | null = null;

  const changed = (): void => {
    snapshot = null;
    for (const { call } of [...listeners]) call();
  };
  // A run that was added stands last. An event without an offset is the newest.
  const place = (runId: string, offset: Offset | undefined): void => {
    if (starts.has(runId)) return;
    const newest = Math.max(0, ...starts.values());
    starts.set(runId, offset ?? newest);
    if (offset === undefined || offset >= newest) return;
    const startOf = (id: string): Offset => starts.get(id) ?? 0;
    runs = new Map([...runs].sort(([left], [right]) => startOf(left) - startOf(right)));
  };
  const fold = (item: Exclude<StreamItem, { kind: 'reset' }>): void => {
    const change = changedRun(runs, item);
    if (change === null) return;
    runs.set(...change);
    place(change[0], item.kind === 'run_snapshot' ? item.snapshot.offset : item.event.offset);
    if (runs.size > maxRuns) forgetOldest(runs, starts);
    changed();
  };
  const open = (known: RunMap, openRuns: readonly OpenRun[]): void => {
    const next = seedRuns(known, openRuns);
    if (next === runs) return;
    runs = new Map(next);
    for (const { run_id, started_offset } of openRuns) place(run_id, started_offset);
    changed();
  };
  open(runs, client.openRuns);

  const subscriptions = [
    client.on('*', (event, context) => fold({ kind: 'event', event, ...context })),
    client.on('volatile', (event) => fold({ kind: 'volatile', event })),
    client.on('reset', () => {
      starts.clear();
      runs = new Map();
      changed();
    }),
    client.on('runSnapshot', (frame) => fold({ kind: 'run_snapshot', snapshot: frame })),
    client.on('ready', ({ openRuns }) => open(withoutVolatile(runs), openRuns)),
    client.on('threads', () => open(runs, client.openRuns)),
    client.on('approvalsRead', (openRuns) => open(runs, openRuns)),
  ];

  return {
    getSnapshot: () => (snapshot ??= [...runs.values()].map(({ view }) => view)),
    get: (runId) => runs.get(runId)?.view,
    subscribe: (call) => {
      const entry = { call };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    close: () => subscriptions.forEach((unsubscribe) => unsubscribe()),
  };
}

/** Open runs stay, however many there are: the server bounds them. */
function forgetOldest(runs: Map<string, FoldedRun>, starts: Map<string, Offset>): void {
  for (const [runId, { view }] of runs) {
    if (view.status === 'running') continue;
    runs.delete(runId);
    starts.delete(runId);
    return;
  }
}
