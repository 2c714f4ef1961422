import { expect } from 'vitest';
import type { ReceivedEvent } from '@ws/types';
import type { LoggedEvent } from './fake-server.ts';

/** Text of a logged event; `null` for one that no client can read. */
export function textOf({ payload }: LoggedEvent): string | null {
  const { delta } = payload as { readonly delta: unknown };
  return typeof delta === 'string' ? delta : null;
}

/** What a consumer was given since it was last told to start over. */
export class Received {
  #from = 0;
  readonly #stretches: { readonly before: number; readonly last: number; readonly text: string }[] = [];
  readonly #volatile = new Set<string>();

  startOver(from: number): void {
    this.#from = from;
    this.#stretches.length = 0;
    this.#volatile.clear();
  }

  take(event: ReceivedEvent, replaces: 'volatile' | undefined): void {
    if (event.offset === undefined) {
      expect(this.#volatile.has(event.event_id), 'a volatile event comes once').toBe(false);
      this.#volatile.add(event.event_id);
      return;
    }
    expect(replaces === 'volatile', 'a copy says what it replaces').toBe(this.#volatile.delete(event.event_id));
    const { delta } = event.payload as { readonly delta: string };
    this.#stretches.push({ before: event.prev ?? event.offset - 1, last: event.offset, text: delta });
  }

  /** How far it got in `log`, events at the end that can't be read included. */
  reached(log: readonly LoggedEvent[]): number {
    return afterUnreadable(log, this.#stretches.at(-1)?.last ?? this.#from);
  }

  /** Every event since the start exactly once, in order; left out is only what can't be read. */
  expectComplete(log: readonly LoggedEvent[]): void {
    let last = this.#from;
    for (const stretch of this.#stretches) {
      expect(afterUnreadable(log, last), 'nothing between two events is missing').toBeGreaterThanOrEqual(
        stretch.before,
      );
      expect(stretch.before, 'nothing comes twice').toBeGreaterThanOrEqual(last);
      const covered = log.slice(stretch.before, stretch.last).map(textOf);
      expect(stretch.text).toBe(covered.join(''));
      last = stretch.last;
    }
    expect(this.reached(log)).toBe(log.length);
  }
}

function afterUnreadable(log: readonly LoggedEvent[], offset: number): number {
  let last = offset;
  for (let next = log[last]; next !== undefined && textOf(next) === null; next = log[last]) last += 1;
  return last;
}
