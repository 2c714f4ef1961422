import { isWebSocketError, type EventInput, type NumberedEvent } from '@ws/types';
import type { EmitReceipt } from '../../src/index.ts';

interface Emission {
  readonly event: EventInput;
  outcome: EmitReceipt | Error | undefined;
}

/** After these the event may be in the log all the same: the emitter was not told what became of it. */
const IN_DOUBT: ReadonlySet<string> = new Set(['EMIT_TIMEOUT', 'LOG_CLOSED', 'HUB_CLOSED']);

/** What emitters were told, held against what the log took. */
export class Emissions {
  readonly #all: Emission[] = [];

  get count(): number {
    return this.#all.length;
  }

  get settled(): boolean {
    return this.#all.every(({ outcome }) => outcome !== undefined);
  }

  /** An event emitted before, for one that repeats it. */
  earlier(which: number): EventInput | undefined {
    return this.#all.at(-1 - which)?.event;
  }

  async follow(event: EventInput, emitted: Promise<EmitReceipt>): Promise<void> {
    const emission: Emission = { event, outcome: undefined };
    this.#all.push(emission);
    try {
      emission.outcome = await emitted;
    } catch (error) {
      emission.outcome = error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Throws where an emitter was told something that is not so; `oldest` is the first event that the log still keeps. */
  check(epoch: string, oldest: number, events: readonly NumberedEvent[]): void {
    const offsets = new Map(events.map((event) => [event.offset, event]));
    const mayBeThere = new Set<string | undefined>();
    for (const { event, outcome } of this.#all) {
      if (outcome === undefined) throw new Error('an emit never settled');
      if (outcome instanceof Error) {
        if (!isWebSocketError(outcome) || outcome.code === 'INTERNAL') throw outcome;
        if (IN_DOUBT.has(outcome.code)) mayBeThere.add(event.event_id);
        continue;
      }
      if (outcome.epoch !== epoch) continue;
      mayBeThere.add(outcome.eventId);
      if (offsets.get(outcome.offset)?.event_id !== outcome.eventId) {
        throw new Error(`${outcome.eventId} was said to be at ${outcome.offset}: there is something else`);
      }
    }
    for (const { event, outcome } of this.#all) {
      const { event_id } = event;
      if (!(outcome instanceof Error) || event_id === undefined || mayBeThere.has(event_id)) continue;
      // An id that retention let go of is not known any more: its event may be refused when it is tried again.
      const isThere = events.some((taken) => taken.event_id === event_id && taken.offset >= oldest);
      if (isThere) throw new Error(`${event_id} was refused and is there`);
    }
  }
}
