import type { ReceivedEvent } from '@ws/types';
import type { RunView } from '@ws/client';
import { NOT_CONNECTED, type ConnectionView } from './connection-view.ts';
import type { OutgoingEntry } from './outbox.ts';
import type { ThreadEntries } from './thread-log.ts';

/**
 * What components may read, as it is at one moment: state of the connection, runs and threads go together, so that two components
 * never tell different stories. Never changed in place.
 */
export interface Shown {
  readonly connection: ConnectionView;
  /** When the client came to its state, on the monotonic clock. */
  readonly connectionAt: number;
  /** By run id, in the order in which they were first seen. */
  readonly runs: ReadonlyMap<string, RunView>;
  /** By thread id; what belongs to no thread, under `NO_THREAD`. */
  readonly threads: ReadonlyMap<string, ThreadEntries>;
  /** Messages of this page that did not come back as events yet. */
  readonly outbox: readonly OutgoingEntry[];
  /** The newest events but for text deltas, oldest first. */
  readonly recent: readonly ReceivedEvent[];
}

/** What a server renders, and a page before it is hydrated. */
export const NOTHING_SHOWN: Shown = {
  connection: NOT_CONNECTED,
  connectionAt: 0,
  runs: new Map(),
  threads: new Map(),
  outbox: [],
  recent: [],
};
