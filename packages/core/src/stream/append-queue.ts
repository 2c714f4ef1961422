import { isWebSocketError, WebSocketError, type EventId, type Offset, type StreamPosition } from '@ws/types';
import type { AppendResult, MaybePromise, NewLogEvent } from '../log/event-log.ts';
import type { LogGate } from '../modes/log-gate.ts';
import type { RunTable } from '../run/run-table.ts';
import { planPlainEvent, type PlanContext } from './append-plan.ts';
import type { HeldBatches } from './held-batches.ts';
import type { EmitReceipt } from './emit-receipt.ts';
import {
  mayBeStale,
  planGroup,
  receiptsOf,
  writtenOf,
  type Appended,
  type GroupPlan,
  type Written,
} from './group-plan.ts';
import { PendingBatch, type IdentifiedEvent } from './pending-batch.ts';
import type { Writer } from './write-turn.ts';

/** What the queue needs of its stream. */
export interface AppendTarget {
  readonly gate: LogGate;
  readonly head: Offset;
  readonly runs: RunTable;
  planContext(known: PlanContext['known']): PlanContext;
  /** Brings the stream into memory. */
  load(): MaybePromise<void>;
  /** Goes back to the log for what other processes appended. */
  refresh(): MaybePromise<void>;
  lookup(eventIds: readonly EventId[]): MaybePromise<readonly (Offset | undefined)[]>;
  /** Appends on the condition that the log's head is the stream's. Without events nothing is asked of the log. */
  append(events: readonly NewLogEvent[]): MaybePromise<AppendResult>;
  /** Whether the stream is in memory, and its log answers at once. */
  readonly answersNow: boolean;
  /** Appends a single fresh event, on the same condition. `undefined` if it has to be appended the long way. */
  appendNow(events: readonly [NewLogEvent]): StreamPosition | undefined;
  /** The events are in the log. */
  accepted(epoch: string, written: Written): void;
  refused(events: number, error: unknown): void;
  /** Has the queue write when the code at hand is done. */
  writeSoon(queue: Writer): void;
  /** Nothing waits to be written any more. */
  settled(): void;
}

/** Events written in one append, so that one slow append does not become a queue of many. */
const MAX_GROUP_EVENTS = 1000;

/**
 * The one writer of a stream in this process: batches are judged, written and told in order, one group at a time. While a
 * group is on its way to the log the next one gathers; while the log is away all of them are held.
 */
export class AppendQueue implements Writer {
  readonly #target: AppendTarget;
  /** Made when the log is away for the first time: for most streams it never is. */
  readonly #makeHeld: () => HeldBatches;
  #held: HeldBatches | undefined;
  #waiting: PendingBatch[] = [];
  #writing = false;
  /** The stream's head when an append began that has not been answered. */
  #headAtWrite: Offset | undefined;

  constructor(target: AppendTarget, makeHeld: () => HeldBatches) {
    this.#target = target;
    this.#makeHeld = makeHeld;
  }

  get idle(): boolean {
    return !this.#writing;
  }

  /** Appends a batch, whole or not at all. Rejects with the error of the event that was refused, or the log's. */
  push(events: readonly IdentifiedEvent[]): Promise<readonly EmitReceipt[]> {
    return new Promise((resolve, reject) => this.#add(PendingBatch.of(events, resolve, reject)));
  }

  /** Appends one event. Rejects as {@link push} does. */
  pushOne(event: IdentifiedEvent): Promise<EmitReceipt> {
    const receipt = this.#writing ? undefined : this.#writeNow(event);
    if (receipt !== undefined) return receipt;
    return new Promise((resolve, reject) => this.#add(PendingBatch.ofOne(event, resolve, reject)));
  }

  #add(batch: PendingBatch): void {
    // A list that is made with its first item takes no more room than that.
    if (this.#waiting.length === 0) this.#waiting = [batch];
    else this.#waiting.push(batch);
    if (!this.#target.gate.isOpen) this.#hold(batch);
    if (!this.#writing) this.#writeSoon();
  }

  /** What is emitted in one go, without waiting in between, is written in one go. */
  #writeSoon(): void {
    this.#writing = true;
    this.#target.writeSoon(this);
  }

  /**
   * Appends an event to a log that answers at once, without a batch around it; what else is emitted in this go follows in one
   * append. `undefined` for an event that has to be judged and written at length.
   */
  #writeNow(event: IdentifiedEvent): Promise<EmitReceipt> | undefined {
    const target = this.#target;
    if (!target.answersNow || !target.gate.isOpen) return undefined;
    const write = planPlainEvent(event, target.runs, target.planContext(undefined));
    if (write === undefined) return undefined;
    this.#writeSoon();
    this.#headAtWrite = target.head;
    try {
      const events = [write] as const;
      const appended = target.appendNow(events);
      if (appended === undefined) return undefined;
      const { epoch, offset } = appended;
      target.accepted(epoch, { events, answers: [{ offset, duplicate: false }] });
      return Promise.resolve({ eventId: event.eventId, epoch, offset, duplicate: false });
    } catch (error) {
      return new Promise((resolve, reject) => this.#failed([PendingBatch.ofOne(event, resolve, reject)], error));
    }
  }

  /** Writes what waits, group by group, until nothing does. A log that answers at once is not made to wait for a turn. */
  write(): void {
    while (this.#waiting.length > 0) {
      const pending = this.#target.gate.isOpen ? this.#writeNext() : this.#whenOpen();
      if (pending === undefined) continue;
      void pending.then(() => this.write());
      return;
    }
    this.#writing = false;
    this.#target.settled();
  }

  async #whenOpen(): Promise<void> {
    for (const batch of [...this.#waiting]) this.#hold(batch);
    await this.#target.gate.whenOpen();
    this.#held?.release(this.#waiting);
  }

  #writeNext(): MaybePromise<void> {
    const group = this.#nextGroup();
    try {
      return this.#writeGroup(group)?.catch((error: unknown) => this.#failed(group, error));
    } catch (error) {
      this.#failed(group, error);
    }
  }

  /** A write that failed in an outage is tried again when the log is back; any other fault is the emitter's to know. */
  #failed(group: readonly PendingBatch[], error: unknown): void {
    const open = group.filter((batch) => !batch.refused);
    const headAtWrite = this.#headAtWrite;
    this.#headAtWrite = undefined;
    if (this.#target.gate.isOutage(error)) {
      // A fault before the append leaves no doubt: nothing was written.
      for (const batch of open) batch.writtenAfter ??= headAtWrite;
      this.#waiting.unshift(...open);
      return;
    }
    const failure = isWebSocketError(error)
      ? error
      : new WebSocketError('INTERNAL', 'appending to the event log failed in a way it should not', { cause: error });
    for (const batch of open) this.#refuse(batch, failure);
  }

  #hold(batch: PendingBatch): void {
    if (batch.hold !== undefined) return;
    this.#held ??= this.#makeHeld();
    this.#held.take(batch, (error) => {
      this.#waiting = this.#waiting.filter((other) => other !== batch);
      this.#refuse(batch, error);
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

  #writeGroup(group: readonly PendingBatch[]): MaybePromise<void> {
    this.#headAtWrite = undefined;
    const loaded = this.#target.load();
    const doubtful = doubtfulIds(group);
    if (loaded !== undefined || doubtful.length > 0) return this.#writeSlowly(group, doubtful, loaded);
    const plan = this.#plan(group, undefined);
    if (mayBeStale(plan)) return this.#writeSlowly(group, doubtful, loaded);
    this.#refuseAll(plan);
    const result = this.#append(plan.writes);
    if (result instanceof Promise) return result.then((settled) => this.#finish(plan, settled));
    return this.#finish(plan, result);
  }

  #finish(plan: GroupPlan, result: AppendResult): MaybePromise<void> {
    if (result.kind === 'appended') return this.#tell(plan, result);
    return this.#writeAgain(plan.batches);
  }

  /** Another process was faster: see what it appended, then judge and write again. */
  async #writeAgain(group: readonly PendingBatch[]): Promise<void> {
    await this.#refresh();
    await this.#writeSlowly(group, doubtfulIds(group), this.#target.load());
  }

  /** The whole way: load, look up ids the log may hold, judge, write. */
  async #writeSlowly(
    group: readonly PendingBatch[],
    doubtful: readonly EventId[],
    loaded: MaybePromise<void>,
  ): Promise<void> {
    await loaded;
    let remaining = group;
    let fresh = false;
    for (;;) {
      const known = await this.#lookup(doubtful);
      const loading = this.#target.load();
      if (loading !== undefined) {
        // The log began anew meanwhile: what it answered was about the old events.
        await loading;
        continue;
      }
      const plan = this.#plan(remaining, known);
      if (fresh || !mayBeStale(plan)) {
        this.#refuseAll(plan);
        const result = await this.#append(plan.writes);
        if (result.kind === 'appended') return this.#tell(plan, result);
        remaining = plan.batches;
      }
      await this.#refresh();
      fresh = true;
    }
  }

  /** Sees what other processes appended: the log wrote nothing of what is judged again afterwards. */
  #refresh(): MaybePromise<void> {
    this.#headAtWrite = undefined;
    return this.#target.refresh();
  }

  async #lookup(eventIds: readonly EventId[]): Promise<ReadonlyMap<string, Offset>> {
    const known = new Map<string, Offset>();
    if (eventIds.length === 0) return known;
    const offsets = await this.#target.lookup(eventIds);
    eventIds.forEach((id, index) => {
      const offset = offsets[index];
      if (offset !== undefined) known.set(id, offset);
    });
    return known;
  }

  #plan(group: readonly PendingBatch[], known: PlanContext['known']): GroupPlan {
    return planGroup(group, this.#target.runs, this.#target.planContext(known));
  }

  #append(writes: readonly NewLogEvent[]): MaybePromise<AppendResult> {
    this.#headAtWrite = this.#target.head;
    return this.#target.append(writes);
  }

  #tell(plan: GroupPlan, result: Appended): void {
    const receipts = receiptsOf(plan, result);
    const written = writtenOf(plan, result);
    // Connections hear of events before the emitter does, so that what follows an emit follows it on every screen.
    if (written.events.length > 0) this.#target.accepted(result.epoch, written);
    let at = 0;
    for (const batch of plan.batches) {
      batch.accept(receipts, at);
      at += batch.events.length;
    }
  }

  #refuseAll({ refused }: GroupPlan): void {
    for (const { batch, error } of refused) this.#refuse(batch, error);
  }

  #refuse(batch: PendingBatch, error: unknown): void {
    batch.refused = true;
    this.#target.refused(batch.events.length, error);
    batch.reject(error);
  }
}

/** Ids of these batches that the log may hold already. */
function doubtfulIds(group: readonly PendingBatch[]): readonly EventId[] {
  return group.some(isDoubtful) ? group.flatMap((batch) => batch.doubtfulIds()) : [];
}

function isDoubtful(batch: PendingBatch): boolean {
  return batch.doubtfulIds().length > 0;
}

function hasAny(ids: ReadonlySet<EventId>, wanted: readonly EventId[]): boolean {
  return wanted.some((id) => ids.has(id));
}
