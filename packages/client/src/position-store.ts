import type { StreamPosition } from '@ws/types';

/** A position, and the user in whose stream it lies. */
export interface StoredPosition extends StreamPosition {
  /** Of the `connection_ready` it comes from. A connection of another user begins with a `reset` instead. */
  readonly userId?: string;
}

/** Keeps the position of a client beyond its life, so that a reloaded page goes on where it was. */
export interface PositionStore {
  /** The position kept, or `null`. Asked before the first connection, and again if it gives no answer in `connectTimeoutMs`. */
  load(): StoredPosition | null | Promise<StoredPosition | null>;
  /** Keeps a position, all of it. Called at most once per `ackIntervalMs`, and when the client closes or its page is hidden. */
  save(position: StoredPosition): void | Promise<void>;
}

/**
 * Keeps the position in `sessionStorage`, `localStorage` or anything alike. Of use where the application keeps what it built
 * from the events as well: a page that starts empty wants `from: 'earliest'` or the open runs instead.
 *
 * @param storage Where to keep it; `sessionStorage` is one per tab, as a position should be.
 * @param key Name of the entry; one per user, so that a user who signs in again goes on where they were. The position of another user is
 * not used.
 *
 * @example
 * ```ts
 * createClient({ url: '/ws', token, store: webStoragePositionStore(sessionStorage, `position:${userId}`) });
 * ```
 */
export function webStoragePositionStore(storage: Pick<Storage, 'getItem' | 'setItem'>, key: string): PositionStore {
  return {
    load: () => {
      const text = storage.getItem(key);
      return text === null ? null : (JSON.parse(text) as StoredPosition);
    },
    save: (position) => storage.setItem(key, JSON.stringify(position)),
  };
}
