import type { StreamPosition } from '@ws/types';

/** Keeps the position of a client beyond its life, so that a reloaded page goes on where it was. */
export interface PositionStore {
  /** The position kept, or `null`. Asked once, on the first connect. */
  load(): StreamPosition | null | Promise<StreamPosition | null>;
  /** Keeps a position. Called at most once per `ackIntervalMs`, and when the client closes or its page is hidden. */
  save(position: StreamPosition): void | Promise<void>;
}

/**
 * Keeps the position in `sessionStorage`, `localStorage` or anything alike. Of use where the application keeps what it built
 * from the events as well: a page that starts empty wants `resume: 'oldest'` or the open runs instead.
 *
 * @param storage Where to keep it; `sessionStorage` is one per tab, as a position should be.
 * @param key Name of the entry; one per user, so that nobody resumes from the position of another.
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
      return text === null ? null : (JSON.parse(text) as StreamPosition);
    },
    save: (position) => storage.setItem(key, JSON.stringify(position)),
  };
}
