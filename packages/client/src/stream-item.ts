import type { RunSnapshotFrame, StreamEvent, VolatileStreamEvent } from '@ws/types';
import type { ReadySignal } from './client-signals.ts';

/** What is known of an event beside its content: the second argument of a handler. */
export interface EventContext {
  /** The event happened before this connection caught up: show its effect at once, without animation. */
  readonly replay: boolean;
  /**
   * `'volatile'`: the signal `volatile` brought the event before, under the same `event_id`. Of interest to who shows those: do not apply
   * it twice. A copy with `merged` stands for all volatile deltas of its run up to that `event_id`.
   */
  readonly replaces?: 'volatile';
}

/** One thing that arrived, in the order of the stream: what {@link Client.stream} reads. */
export type StreamItem =
  | ({ readonly kind: 'event'; readonly event: StreamEvent } & EventContext)
  /** The server's log is away: the event may be shown, and comes again as a numbered one when the log is back. */
  | { readonly kind: 'volatile'; readonly event: VolatileStreamEvent }
  /** Earlier state is void: rebuild from what follows. Comes before any event of the new stream. */
  | { readonly kind: 'reset'; readonly ready: ReadySignal }
  /** After a reset, for an open run: what its events that are no longer kept added up to. */
  | { readonly kind: 'run_snapshot'; readonly snapshot: RunSnapshotFrame };
