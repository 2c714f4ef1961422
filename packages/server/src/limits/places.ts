import type { ServerResponse } from 'node:http';

interface Taken {
  count: number;
  readonly waiting: (() => void)[];
}

/**
 * So many places for each name, which requests have until their answers were taken or their connections are gone: what waits to be
 * taken is in memory, too.
 */
export class Places {
  readonly #limit: number;
  readonly #taken = new Map<string, Taken>();

  /** @param limit - places of a name where nothing else is said */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place for the request of `response`, if one is free. */
  take(name: string, response: ServerResponse, limit = this.#limit): boolean {
    const taken = this.#of(name);
    if (taken.count >= limit) return false;
    taken.count += 1;
    onceOver(response, () => this.#leave(name));
    return true;
  }

  /**
   * Waits for a place, and takes it. Answers false at once where so many wait already, and as soon as the connection of `response` is
   * gone: it leaves the line, and the next one moves up.
   */
  wait(name: string, response: ServerResponse, maxWaiting: number): Promise<boolean> {
    const { waiting } = this.#of(name);
    if (waiting.length >= maxWaiting || response.req.socket.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const takePlace = (): void => {
        endWatch();
        // In the same turn, so that a connection that goes now gives the place back.
        onceOver(response, () => this.#leave(name));
        resolve(true);
      };
      const endWatch = onceOver(response, () => {
        waiting.splice(waiting.indexOf(takePlace), 1);
        resolve(false);
      });
      waiting.push(takePlace);
    });
  }

  #of(name: string): Taken {
    const known = this.#taken.get(name);
    if (known !== undefined) return known;
    const taken = { count: 0, waiting: [] };
    this.#taken.set(name, taken);
    return taken;
  }

  #leave(name: string): void {
    const taken = this.#of(name);
    // Who waits takes over the place.
    const next = taken.waiting.shift();
    if (next !== undefined) return next();
    taken.count -= 1;
    if (taken.count === 0) this.#taken.delete(name);
  }
}

/**
 * Calls `over` once, when the answer was taken or can't be any more. An answer behind another one has no socket to tell it yet. Returns
 * what ends the watch, so that `over` is not called.
 */
function onceOver(response: ServerResponse, over: () => void): () => void {
  const { socket } = response.req;
  const stop = (): void => {
    response.off('close', end);
    socket.off('close', end);
  };
  const end = (): void => {
    stop();
    over();
  };
  if (socket.destroyed) over();
  else {
    response.on('close', end);
    socket.on('close', end);
  }
  return stop;
}
