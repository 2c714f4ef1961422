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

type ResolveAll = (receipts: readonly EmitReceipt[]) => void;
type ResolveOne = (receipt: EmitReceipt) => void;

const NONE: readonly EventId[] = [];

function hasGivenId({ input }: IdentifiedEvent): boolean {
  return input.event_id !== undefined;
}

/** A batch between `emit` and its receipts. */
export class PendingBatch {
  readonly events: readonly IdentifiedEvent[];
  readonly #resolve: ResolveAll | undefined;
  readonly #resolveOne: ResolveOne | undefined;
  readonly reject: (error: unknown) => void;
  readonly #hasGivenIds: boolean;
  /** Set where a write of these events ended in doubt, so that the log may hold them: the stream's head when it began. */
  writtenAfter: Offset | undefined = undefined;
  /** Its emitter was told that it is refused: whatever happens to the others, this one is not tried again. */
  refused = false;
  /** Set while the log is away: the room taken in the outage buffer, and when the batch gives up. */
  hold: { readonly chars: number; readonly deadline: Timer } | undefined = undefined;

  private constructor(
    events: readonly IdentifiedEvent[],
    hasGivenIds: boolean,
    resolve: ResolveAll | undefined,
    resolveOne: ResolveOne | undefined,
    reject: (error: unknown) => void,
  ) {
    this.events = events;
    this.#hasGivenIds = hasGivenIds;
    this.#resolve = resolve;
    this.#resolveOne = resolveOne;
    this.reject = reject;
  }

  static of(events: readonly IdentifiedEvent[], resolve: ResolveAll, reject: (error: unknown) => void): PendingBatch {
    return new PendingBatch(events, events.some(hasGivenId), resolve, undefined, reject);
  }

  /** A batch of one event, as nearly all are: its emitter gets the receipt itself. */
  static ofOne(event: IdentifiedEvent, resolve: ResolveOne, reject: (error: unknown) => void): PendingBatch {
    return new PendingBatch([event], hasGivenId(event), undefined, resolve, reject);
  }

  /** The events are in the log: the receipts of this batch begin at `at`. */
  accept(receipts: readonly EmitReceipt[], at: number): void {
    this.#resolve?.(receipts.slice(at, at + this.events.length));
    const receipt = receipts[at];
    if (receipt !== undefined) this.#resolveOne?.(receipt);
  }

  /** Its event, if it is a single one: it needs no overlay of its own to be judged. */
  get only(): IdentifiedEvent | undefined {
    return this.events.length === 1 ? this.events[0] : undefined;
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
