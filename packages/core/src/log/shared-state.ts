import type { ConnectionId } from '@ws/types';
import type { MaybePromise } from './event-log.ts';
import type { StreamKey } from '../stream-key.ts';

/**
 * What the processes of a service share beside the streams of their log: things that are short-lived, and wrong if each process
 * keeps its own. A log for several processes brings it along ({@link EventLog.shared}).
 */
export interface SharedState {
  readonly tickets: TicketStore;
  readonly connections: ConnectionTable;
}

/** Values that can be taken once, by whichever process is asked first. */
export interface TicketStore {
  /**
   * Keeps `value` under `key` until it is taken, and no longer than `lifeMs` milliseconds.
   *
   * @throws `LOG_UNAVAILABLE`, `LOG_FULL`, `LOG_CLOSED`; `RATE_LIMITED` if there is no room for another one
   */
  put(key: string, value: string, lifeMs: number): MaybePromise<void>;

  /**
   * Takes a value away: of all calls in all processes one gets it. `undefined` for a key that was never put, is too old or was
   * taken before.
   *
   * @throws `LOG_UNAVAILABLE`, `LOG_CLOSED`
   */
  take(key: string): MaybePromise<string | undefined>;
}

/** A connection as other processes count it. */
export interface TableConnection {
  readonly stream: StreamKey;
  readonly id: ConnectionId;
  /** Milliseconds since 1970: the one with the lowest is the oldest. */
  readonly connectedAt: number;
}

/** Called with a connection of this process that has to close, because its user has opened too many newer ones. */
export type ReplacedListener = (connection: Pick<TableConnection, 'stream' | 'id'>) => void;

/**
 * The open connections of each stream in all processes. Nobody waits for it, and nothing in it throws: what could not be told is
 * told again when the table is back, and until then each process holds to the limit by itself. What a dead process left in it
 * lapses.
 */
export interface ConnectionTable {
  /** Notes a connection. If its stream has more than `limit` now, the oldest go, wherever they are. */
  enter(connection: TableConnection, limit: number): void;
  /** Forgets a connection. */
  leave(connection: Pick<TableConnection, 'stream' | 'id'>): void;
  /** Tells `listener` of connections entered here that have to go. Returns a function that ends it. */
  onReplaced(listener: ReplacedListener): () => void;
}
