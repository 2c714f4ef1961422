import type { Client, Unsubscribe } from '../client.ts';
import type { RunView } from './run-view.ts';

/** The runs of a client, kept up to date. `getSnapshot` and `subscribe` fit React's `useSyncExternalStore`. */
export interface RunStore {
  /** The runs, oldest first; the same array until one changes. */
  getSnapshot(): readonly RunView[];
  /** One run; the same object until it changes. */
  get(runId: string): RunView | undefined;
  subscribe(listener: () => void): Unsubscribe;
  /** Stops following the client. */
  close(): void;
}

/** Options of {@link createRunStore}. */
export interface RunStoreOptions {
  /** Runs kept; beyond it the oldest that has ended goes. @default 500 */
  readonly maxRuns?: number;
}

/** Stub: the implementation follows. */
export function createRunStore(_client: Client, _options: RunStoreOptions = {}): RunStore {
  throw new Error('not written yet');
}
