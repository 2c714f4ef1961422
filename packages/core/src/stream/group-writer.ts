import type { EventId, Offset, StreamPosition } from '@ws/types';
import type { AppendResult, MaybePromise, NewLogEvent } from '../log/event-log.ts';
import type { RunTable } from '../run/run-table.ts';
import { planPlainEvent, type PlanContext } from './append-plan.ts';
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
import type { IdentifiedEvent, PendingBatch } from './pending-batch.ts';
import type { StoredEvent } from './repeated-id.ts';

/** What writing needs of the stream and its log. */
export interface WriteTarget {
  readonly head: Offset;
  readonly runs: RunTable;
  planContext(known: PlanContext['known']): PlanContext;
  /** Brings the stream into memory. */
  load(): MaybePromise<void>;
  /** Goes back to the log for what other processes appended. */
  refresh(): MaybePromise<void>;
  /** What the log holds under these ids. */
  stored(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, StoredEvent>>;
  /** Appends on the condition that the log's head is the stream's. Without events nothing is asked of the log. */
  append(events: readonly NewLogEvent[]): MaybePromise<AppendResult>;
  /** Whether the stream is in memory, and its log answers at once. */
  readonly answersNow: boolean;
  /** Appends a single fresh event, on the same condition. `undefined` if it has to be appended the long way. */
  appendNow(events: readonly [NewLogEvent]): StreamPosition | undefined;
  /** An epoch of the log as positions of the stream have it. */
  ownEpoch(logEpoch: string): string;
  /** The events are in the log. */
  accepted(epoch: string, written: Written): void;
  refused(events: number, error: unknown): void;
}

/** Judges groups of batches and writes each in one append; again, where another process was faster. One at a time. */
export class GroupWriter {
  readonly #target: WriteTarget;
  #headAtWrite: Offset | undefined;

  constructor(target: WriteTarget) {
    this.#target = target;
  }

  /** The stream's head when the append began that failed; `undefined` if the fault came before it, and nothing was written. */
  takeHeadAtWrite(): Offset | undefined {
    const head = this.#headAtWrite;
    this.#headAtWrite = undefined;
    return head;
  }

  /** An event as a log that answers at once takes it by itself; `undefined` for one that has to be judged and written at length. */
  planNow(event: IdentifiedEvent): NewLogEvent | undefined {
    const target = this.#target;
    return target.answersNow ? planPlainEvent(event, target.runs, target.planContext(undefined)) : undefined;
  }

  /** Appends what {@link planNow} made, without a batch around it. `undefined` if it has to be written at length. */
  writeNow(write: NewLogEvent): EmitReceipt | undefined {
    const target = this.#target;
    this.#headAtWrite = target.head;
    const events = [write] as const;
    const appended = target.appendNow(events);
    if (appended === undefined) return undefined;
    const { epoch, offset } = appended;
    target.accepted(epoch, { events, answers: [{ offset, duplicate: false }] });
    return { eventId: write.eventId, epoch: target.ownEpoch(epoch), offset, duplicate: false };
  }

  /** Writes a group; what is refused is told to its emitters, and so is what was written. */
  write(group: readonly PendingBatch[]): MaybePromise<void> {
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

  refuse(batch: PendingBatch, error: unknown): void {
    batch.refused = true;
    this.#target.refused(batch.events.length, error);
    batch.reject(error);
  }

  #finish(plan: GroupPlan, result: AppendResult): MaybePromise<void> {
    if (result.kind === 'appended' && !isAllRepeated(plan, result)) return this.#tell(plan, result);
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
      const known = await this.#target.stored(doubtful);
      const loading = this.#target.load();
      if (loading !== undefined) {
        // The log began again meanwhile: what it answered was about the old events.
        await loading;
        continue;
      }
      const plan = this.#plan(remaining, known);
      if (fresh || !mayBeStale(plan)) {
        this.#refuseAll(plan);
        const result = await this.#append(plan.writes);
        if (result.kind === 'appended' && (fresh || !isAllRepeated(plan, result))) return this.#tell(plan, result);
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

  #plan(group: readonly PendingBatch[], known: PlanContext['known']): GroupPlan {
    return planGroup(group, this.#target.runs, this.#target.planContext(known));
  }

  #append(writes: readonly NewLogEvent[]): MaybePromise<AppendResult> {
    this.#headAtWrite = this.#target.head;
    return this.#target.append(writes);
  }

  #tell(plan: GroupPlan, result: Appended): void {
    const receipts = receiptsOf(plan, result, this.#target.ownEpoch(result.epoch));
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
    for (const { batch, error } of refused) this.refuse(batch, error);
  }
}

/**
 * Whether the log wrote nothing, because it held every id by then: another process brought the same ids after they were looked up. They
 * are judged again, against what stands under them.
 */
function isAllRepeated({ writes }: GroupPlan, { events }: Appended): boolean {
  return writes.length > 0 && events.every(({ duplicate }) => duplicate);
}

/** Ids of these batches that the log may hold already. */
function doubtfulIds(group: readonly PendingBatch[]): readonly EventId[] {
  return group.some(isDoubtful) ? group.flatMap((batch) => batch.doubtfulIds()) : [];
}

function isDoubtful(batch: PendingBatch): boolean {
  return batch.doubtfulIds().length > 0;
}
