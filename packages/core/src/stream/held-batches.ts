import { WebSocketError, type ErrorCode, type Offset } from '@ws/types';
import type { TimerWheel } from '../timer-wheel.ts';
import type { NewLogEvent } from '../log/event-log.ts';
import type { OutageBuffer } from '../modes/outage-buffer.ts';
import { changesRuns } from '../run/apply-run-event.ts';
import { RunOverlay, type RunView } from '../run/run-table.ts';
import { KnownEvent, planBatch, type PlanContext } from './append-plan.ts';
import type { PendingBatch } from './pending-batch.ts';

/** What holding batches needs of the stream. */
export interface HeldBatchesHost {
  readonly wheel: TimerWheel;
  readonly outageBuffer: OutageBuffer;
  /** How long a batch waits for the log, in milliseconds. */
  readonly emitDeadlineMs: number;
  /** The runs of the stream, or `undefined` when it is not in memory and nothing can be judged. */
  runsInMemory(): RunView | undefined;
  planContext(): PlanContext;
  /** Offset of the newest event that this process knows of. */
  head(): Offset;
  /** Why the log can't be written. */
  outage(): ErrorCode;
  /** Shows events to this node's connections, marked volatile. */
  showVolatile(events: readonly NewLogEvent[]): void;
}

/**
 * Batches that wait for the log to come back. Each takes room in the outage buffer and has a deadline, so that none waits for ever and
 * none is dropped in silence. What can be judged is shown to the user at once, marked volatile.
 */
export class HeldBatches {
  readonly #host: HeldBatchesHost;
  /** The held batches that change runs, in order. */
  readonly #changing = new Set<PendingBatch>();
  /** The runs as these will leave them; made again where one of them was refused. */
  #runs: RunOverlay | undefined;

  constructor(host: HeldBatchesHost) {
    this.#host = host;
  }

  /** The runs as the held batches will leave them; `undefined` where none was judged. */
  get runs(): RunView | undefined {
    return this.#changing.size === 0 ? undefined : this.#judged();
  }

  /** Holds a batch. `refuse` is called if there is no room, if it can't come in this order, or when its deadline passes. */
  take(batch: PendingBatch, refuse: (error: WebSocketError) => void): void {
    const { outageBuffer, wheel, emitDeadlineMs } = this.#host;
    const events = batch.events.length;
    const chars = batch.events.reduce((sum, { payloadText }) => sum + payloadText.length, 0);
    // The log may hold what is in doubt: to refuse it might be a lie. A stream has one group of such batches at most.
    if (batch.inDoubt) outageBuffer.force(events, chars);
    else if (!outageBuffer.take(events, chars)) {
      refuse(new WebSocketError('SPILL_FULL', 'the event log is away and no more events can be held: try again later'));
      return;
    }
    const deadline = wheel.after(emitDeadlineMs, () => {
      this.#let(batch);
      refuse(this.#tooLate(batch));
    });
    batch.hold = { chars, deadline };
    this.#show(batch, (error) => {
      this.#let(batch);
      refuse(error);
    });
  }

  /** A full log took nothing. Of one that can't be reached this is not known where a write was under way. */
  #tooLate(batch: PendingBatch): WebSocketError {
    const { emitDeadlineMs } = this.#host;
    if (this.#host.outage() === 'LOG_FULL' && !batch.inDoubt) {
      return new WebSocketError(
        'LOG_FULL',
        `the event log has had no room for ${emitDeadlineMs} ms: nothing was written`,
      );
    }
    return new WebSocketError('EMIT_TIMEOUT', `the event log was unavailable for longer than ${emitDeadlineMs} ms`);
  }

  /** The log is back: the batches are written now. */
  release(batches: readonly PendingBatch[]): void {
    for (const batch of batches) this.#let(batch);
    this.#runs = undefined;
  }

  #let(batch: PendingBatch): void {
    if (batch.hold === undefined) return;
    batch.hold.deadline.cancel();
    this.#host.outageBuffer.give(batch.events.length, batch.hold.chars);
    batch.hold = undefined;
    // It will not be written: what it would have changed is not to come.
    if (this.#changing.delete(batch)) this.#runs = undefined;
  }

  /** The runs to judge the next batch by. */
  #judged(): RunOverlay | undefined {
    const runs = this.#host.runsInMemory();
    if (runs === undefined) return undefined;
    if (this.#runs !== undefined) return this.#runs;
    const overlay = (this.#runs = new RunOverlay(runs));
    for (const batch of this.#changing) {
      try {
        planBatch(batch.events, overlay, this.#host.planContext());
      } catch {
        // Its emitter gets the receipt when it is written.
      }
    }
    return overlay;
  }

  #show(batch: PendingBatch, refuse: (error: WebSocketError) => void): void {
    const runs = this.#judged();
    if (runs === undefined) return;
    // An event whose publisher gave its id may be in the log, and on screens with its offset: it is neither shown nor refused
    // before the log was asked.
    const mayBeKnown = batch.givenIds().length > 0;
    // So may one whose write ended in doubt, if anything was heard of since.
    const mayBeSeen = mayBeKnown || (batch.inDoubt && batch.writtenAfter !== this.#host.head());
    try {
      const planned = planBatch(batch.events, runs, this.#host.planContext());
      if (batch.events.some(({ input }) => changesRuns(input.type))) this.#changing.add(batch);
      if (!mayBeSeen) this.#host.showVolatile(planned.flatMap((event) => (event instanceof KnownEvent ? [] : event)));
    } catch (error) {
      if (!(error instanceof WebSocketError)) throw error;
      if (!mayBeKnown && !batch.inDoubt) refuse(error);
    }
  }
}
