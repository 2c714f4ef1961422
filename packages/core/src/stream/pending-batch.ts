import type { CheckedEventInput, EventId, Offset } from '@ws/types';
import type { Timer } from '../clock.ts';
import type { EmitReceipt } from './emit-receipt.ts';

/** An event with the id it keeps through every retry. */
export interface IdentifiedEvent {
  readonly input: CheckedEventInput;
  readonly eventId: EventId;
  /** The payload as JSON, made when the event was emitted: what the emitter does with its object later changes nothing. */
  readonly payloadText: string;
}

const NONE: readonly EventId[] = [];

/** A batch between `emit` and its receipts. */
export class PendingBatch {
  readonly events: readonly IdentifiedEvent[];
  readonly resolve: (receipts: readonly EmitReceipt[]) => void;
  readonly reject: (error: unknown) => void;
  readonly #hasGivenIds: boolean;
  /** Set where a write of these events ended in doubt, so that the log may hold them: the stream's head when it began. */
  writtenAfter: Offset | undefined = undefined;
  /** Its emitter was told that it is refused: whatever happens to the others, this one is not tried again. */
  refused = false;
  /** Set while the log is away: the room taken in the spill, and when the batch gives up. */
  hold: { readonly chars: number; readonly deadline: Timer } | undefined = undefined;

  constructor(
    events: readonly IdentifiedEvent[],
    resolve: (receipts: readonly EmitReceipt[]) => void,
    reject: (error: unknown) => void,
  ) {
    this.events = events;
    this.#hasGivenIds = events.some(({ input }) => input.event_id !== undefined);
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Ids the publisher gave: the only ones that can stand in two batches. */
  givenIds(): readonly EventId[] {
    if (!this.#hasGivenIds) return NONE;
    return this.events.flatMap(({ input, eventId }) => (input.event_id === undefined ? [] : eventId));
  }

  /** Whether a write of these events ended in doubt: the log may hold them. */
  get inDoubt(): boolean {
    return this.writtenAfter !== undefined;
  }

  /** Ids the log may hold already: they are looked up before the batch is judged. */
  doubtfulIds(): readonly EventId[] {
    return this.inDoubt ? this.events.map(({ eventId }) => eventId) : this.givenIds();
  }
}
