import { isWebSocketError, WebSocketError, type EventId } from '@ws/types';
import type { MaybePromise } from '../log/event-log.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import type { RunView } from '../run/run-table.ts';
import type { EmitReceipt } from './emit-receipt.ts';
import type { HeldBatches } from './held-batches.ts';
import type { LogWriter } from './log-writer.ts';
import { PendingBatch, type IdentifiedEvent } from './pending-batch.ts';

/** Lets queues write when the code at hand is done, so that what is emitted in one go is written in one go: a microtask for all. */
export class WriteTurn {
  #due: AppendQueue[] = [];
  readonly #run = (): void => {
    const due = this.#due;
    this.#due = [];
    for (const queue of due) queue.write();
  };

  /** The caller sees to it that a queue is not due twice. */
  soon(queue: AppendQueue): void {
    if (this.#due.push(queue) === 1) queueMicrotask(this.#run);
  }
}

export interface AppendQueueOptions {
  readonly writer: LogWriter;
  readonly breaker: LogCircuitBreaker;
  readonly writeTurn: WriteTurn;
  /** Makes what holds batches. Asked when the log is away for the first time: for most streams it never is. */
  readonly makeHeld: () => HeldBatches;
  /** Nothing waits to be written any more. */
  readonly settled: () => void;
}

/** Events written in one append, so that one slow append does not become a queue of many. */
const MAX_GROUP_EVENTS = 1000;

/**
 * What is emitted to a stream in this process, in order and one group at a time. While a group is on its way to the log the next one
 * gathers; while the log is away all of them are held.
 */
export class AppendQueue {
  readonly #options: AppendQueueOptions;
  #held: HeldBatches | undefined;
  #waiting: PendingBatch[] = [];
  /** Whether its turn to write is to come, or a write is under way. */
  #writing = false;
  #isUnderWay = false;

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  get idle(): boolean {
    return !this.#writing;
  }

  /** The runs as what is held will leave them; `undefined` where nothing that changes them is held. */
  get heldRuns(): RunView | undefined {
    return this.#held?.runs;
  }

  /** Appends a batch, whole or not at all. Rejects with the error of the event that was refused, or the log's. */
  push(events: readonly IdentifiedEvent[]): Promise<readonly EmitReceipt[]> {
    return new Promise((resolve, reject) => this.#add(PendingBatch.of(events, resolve, reject)));
  }

  /** Appends one event. Rejects as {@link push} does. */
  pushOne(event: IdentifiedEvent): Promise<EmitReceipt> {
    const receipt = this.#waiting.length > 0 || this.#isUnderWay ? undefined : this.#writeNow(event);
    if (receipt !== undefined) return receipt;
    return new Promise((resolve, reject) => this.#add(PendingBatch.ofOne(event, resolve, reject)));
  }

  #add(batch: PendingBatch): void {
    // A list that is made with its first item takes no more room than that.
    if (this.#waiting.length === 0) this.#waiting = [batch];
    else this.#waiting.push(batch);
    if (!this.#options.breaker.isClosed) this.#hold(batch);
    if (!this.#writing) this.#writeSoon();
  }

  /** What is emitted in one go, without waiting in between, is written in one go. */
  #writeSoon(): void {
    this.#writing = true;
    this.#options.writeTurn.soon(this);
  }

  /**
   * Appends an event to a log that answers at once: what never waits is garbage before it is old. `undefined` for an event that has to be
   * judged and written at length.
   */
  #writeNow(event: IdentifiedEvent): Promise<EmitReceipt> | undefined {
    if (!this.#options.breaker.isClosed) return undefined;
    // The stream is busy until the code at hand is done.
    if (!this.#writing) this.#writeSoon();
    try {
      const receipt = this.#options.writer.writeNow(event);
      return receipt && Promise.resolve(receipt);
    } catch (error) {
      return new Promise((resolve, reject) => this.#failed([PendingBatch.ofOne(event, resolve, reject)], error));
    }
  }

  /** Writes what waits, group by group, until nothing does. A log that answers at once is not made to wait for a turn. */
  write(): void {
    while (this.#waiting.length > 0) {
      const pending = this.#options.breaker.isClosed ? this.#writeNext() : this.#whenLogIsBack();
      if (pending === undefined) continue;
      this.#isUnderWay = true;
      void pending.then(() => {
        this.#isUnderWay = false;
        this.write();
      });
      return;
    }
    this.#writing = false;
    this.#options.settled();
  }

  async #whenLogIsBack(): Promise<void> {
    for (const batch of [...this.#waiting]) this.#hold(batch);
    await this.#options.breaker.whenClosed();
    this.#held?.release(this.#waiting);
  }

  #writeNext(): MaybePromise<void> {
    const group = this.#nextGroup();
    try {
      return this.#options.writer.write(group)?.catch((error: unknown) => this.#failed(group, error));
    } catch (error) {
      this.#failed(group, error);
    }
  }

  /** A write that failed in an outage is tried again when the log is back; any other fault is the emitter's to know. */
  #failed(group: readonly PendingBatch[], error: unknown): void {
    const open = group.filter((batch) => !batch.refused);
    const headAtWrite = this.#options.writer.takeHeadAtWrite();
    if (this.#options.breaker.isOutage(error)) {
      // A fault before the append leaves no doubt, and neither does a full log: nothing was written.
      if (!isFull(error)) for (const batch of open) batch.writtenAfter ??= headAtWrite;
      this.#waiting.unshift(...open);
      return;
    }
    const failure = isWebSocketError(error)
      ? error
      : new WebSocketError('INTERNAL', 'appending to the event log failed in a way it should not', { cause: error });
    for (const batch of open) this.#options.writer.refuse(batch, failure);
  }

  #hold(batch: PendingBatch): void {
    if (batch.hold !== undefined) return;
    this.#held ??= this.#options.makeHeld();
    this.#held.take(batch, (error) => {
      this.#waiting = this.#waiting.filter((other) => other !== batch);
      this.#options.writer.refuse(batch, error);
    });
  }

  /** The batches that are written together: not too many, and no event id twice, so that the second finds the first. */
  #nextGroup(): readonly PendingBatch[] {
    const waiting = this.#waiting;
    if (waiting.length === 1) {
      this.#waiting = [];
      return waiting;
    }
    let ids: Set<EventId> | undefined;
    let events = 0;
    let count = 0;
    for (const batch of waiting) {
      const given = batch.givenIds();
      const isRepeat = ids !== undefined && hasAny(ids, given);
      if (count > 0 && (isRepeat || events + batch.events.length > MAX_GROUP_EVENTS)) break;
      for (const id of given) (ids ??= new Set()).add(id);
      events += batch.events.length;
      count += 1;
    }
    if (count < waiting.length) return waiting.splice(0, count);
    this.#waiting = [];
    return waiting;
  }
}

function isFull(error: unknown): boolean {
  return isWebSocketError(error) && error.code === 'LOG_FULL';
}

function hasAny(ids: ReadonlySet<EventId>, wanted: readonly EventId[]): boolean {
  return wanted.some((id) => ids.has(id));
}
