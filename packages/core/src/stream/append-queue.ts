import { isWebSocketError, WebSocketError, type ErrorCode, type EventId, type Offset } from '@ws/types';
import type { AppendResult, MaybePromise, NewLogEvent } from '../log/event-log.ts';
import type { LogGate } from '../modes/log-gate.ts';
import { RunOverlay, type RunTable } from '../run/run-table.ts';
import { planBatch, type PlanContext, type PlannedEvent } from './append-plan.ts';
import type { HeldBatches } from './held-batches.ts';
import type { EmitReceipt } from './emit-receipt.ts';
import { PendingBatch, type IdentifiedEvent } from './pending-batch.ts';

/** What the queue needs of its stream. */
export interface AppendTarget {
  readonly gate: LogGate;
  readonly head: Offset;
  readonly runs: RunTable;
  planContext(known: ReadonlyMap<string, Offset>): PlanContext;
  /** Brings the stream into memory. */
  load(): MaybePromise<void>;
  /** Goes back to the log for what other processes appended. */
  refresh(): MaybePromise<void>;
  lookup(eventIds: readonly EventId[]): MaybePromise<readonly (Offset | undefined)[]>;
  /** Appends on the condition that the log's head is the stream's. */
  append(events: readonly NewLogEvent[]): MaybePromise<AppendResult>;
  /** The events are in the log. */
  accepted(epoch: string, events: readonly NewLogEvent[], offsets: readonly Offset[]): void;
  refused(events: number): void;
  /** Nothing waits to be written any more. */
  settled(): void;
}

interface PlannedBatch {
  readonly batch: PendingBatch;
  readonly events: readonly PlannedEvent[];
}

interface Plan {
  readonly planned: readonly PlannedBatch[];
  readonly refused: readonly { readonly batch: PendingBatch; readonly error: unknown }[];
}

/** Refusals that may only mean that this process has not heard yet of what another one appended. */
const MAY_BE_STALE: ReadonlySet<string> = new Set<ErrorCode>([
  'RUN_NOT_OPEN',
  'RUN_LIMIT',
  'TOOL_CALL_NOT_EXECUTING',
  'TOOL_CALLS_OPEN',
  'APPROVAL_ALREADY_PENDING',
  'APPROVAL_NOT_PENDING',
]);

/** Events written in one append, so that one slow append does not become a queue of many. */
const MAX_GROUP_EVENTS = 1000;

/**
 * The one writer of a stream in this process: batches are judged, written and told in order, one group at a time. While a
 * group is on its way to the log the next one gathers; while the log is away all of them are held.
 */
export class AppendQueue {
  readonly #target: AppendTarget;
  readonly #held: HeldBatches;
  #waiting: PendingBatch[] = [];
  #writing = false;
  /** The stream's head when an append began that has not been answered. */
  #headAtWrite: Offset | undefined;

  constructor(target: AppendTarget, held: HeldBatches) {
    this.#target = target;
    this.#held = held;
  }

  get idle(): boolean {
    return !this.#writing && this.#waiting.length === 0;
  }

  /** Appends a batch, whole or not at all. Rejects with the error of the event that was refused, or the log's. */
  push(events: readonly IdentifiedEvent[]): Promise<readonly EmitReceipt[]> {
    return new Promise((resolve, reject) => {
      const batch = new PendingBatch(events, resolve, reject);
      this.#waiting.push(batch);
      if (!this.#target.gate.isOpen) this.#hold(batch);
      if (this.#writing) return;
      // What is emitted in one go, without waiting in between, is written in one go.
      this.#writing = true;
      queueMicrotask(() => void this.#writeAll());
    });
  }

  async #writeAll(): Promise<void> {
    const { gate } = this.#target;
    while (this.#waiting.length > 0) {
      if (!gate.isOpen) {
        for (const batch of [...this.#waiting]) this.#hold(batch);
        await gate.whenOpen();
        this.#held.release(this.#waiting);
        continue;
      }
      const group = this.#nextGroup();
      try {
        // A log that answers at once is not made to wait for a turn.
        const written = this.#writeGroup(group);
        if (written instanceof Promise) await written;
      } catch (error) {
        this.#failed(group, error);
      }
    }
    this.#writing = false;
    this.#target.settled();
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
    this.#held.take(batch, (error) => {
      this.#waiting = this.#waiting.filter((other) => other !== batch);
      this.#refuse(batch, error);
    });
  }

  /** The batches that are written together: not too many, and no event id twice, so that the second finds the first. */
  #nextGroup(): PendingBatch[] {
    let ids: Set<EventId> | undefined;
    let events = 0;
    let count = 0;
    for (const batch of this.#waiting) {
      const given = batch.givenIds();
      if (count > 0 && (events + batch.events.length > MAX_GROUP_EVENTS || given.some((id) => ids?.has(id)))) break;
      for (const id of given) (ids ??= new Set()).add(id);
      events += batch.events.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  #writeGroup(group: readonly PendingBatch[]): MaybePromise<void> {
    this.#headAtWrite = undefined;
    const loaded = this.#target.load();
    const doubtful = group.flatMap((batch) => batch.doubtfulIds());
    if (loaded !== undefined || doubtful.length > 0) return this.#writeSlowly(group, doubtful, loaded);
    const plan = this.#plan(group, new Map());
    if (mayBeStale(plan)) return this.#writeSlowly(group, doubtful, loaded);
    this.#refuseAll(plan);
    const { planned } = plan;
    if (planned.length === 0) return undefined;
    const result = this.#append(planned);
    if (result instanceof Promise) return result.then((settled) => this.#finish(planned, settled));
    return this.#finish(planned, result);
  }

  #finish(planned: readonly PlannedBatch[], result: AppendResult): MaybePromise<void> {
    if (result.kind === 'appended') return this.#tell(planned, result);
    return this.#writeAgain(planned);
  }

  /** Another process was faster: see what it appended, then judge and write again. */
  async #writeAgain(planned: readonly PlannedBatch[]): Promise<void> {
    await this.#refresh();
    const group = planned.map(({ batch }) => batch);
    await this.#writeSlowly(
      group,
      group.flatMap((batch) => batch.doubtfulIds()),
      this.#target.load(),
    );
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
        if (plan.planned.length === 0) return;
        const result = await this.#append(plan.planned);
        if (result.kind === 'appended') return this.#tell(plan.planned, result);
        remaining = plan.planned.map(({ batch }) => batch);
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

  /** Judges each batch on top of the ones before it that are good. */
  #plan(group: readonly PendingBatch[], known: ReadonlyMap<string, Offset>): Plan {
    const context = this.#target.planContext(known);
    const runs = new RunOverlay(this.#target.runs);
    const planned: PlannedBatch[] = [];
    const refused: { batch: PendingBatch; error: unknown }[] = [];
    for (const batch of group) {
      try {
        planned.push({ batch, events: planBatch(batch.events, runs, context) });
      } catch (error) {
        refused.push({ batch, error });
      }
    }
    return { planned, refused };
  }

  #append(planned: readonly PlannedBatch[]): MaybePromise<AppendResult> {
    const events = planned.flatMap((batch) => batch.events.flatMap((event) => ('write' in event ? event.write : [])));
    this.#headAtWrite = this.#target.head;
    return this.#target.append(events);
  }

  #tell(planned: readonly PlannedBatch[], result: Extract<AppendResult, { kind: 'appended' }>): void {
    const written: NewLogEvent[] = [];
    const offsets: Offset[] = [];
    const answers: [PendingBatch, EmitReceipt[]][] = [];
    let index = 0;
    for (const { batch, events } of planned) {
      const receipts: EmitReceipt[] = [];
      for (const event of events) {
        if ('known' in event) {
          receipts.push({ eventId: event.eventId, epoch: result.epoch, offset: event.known, duplicate: true });
          continue;
        }
        const appended = result.events[index];
        index += 1;
        if (appended === undefined) {
          throw new WebSocketError('INTERNAL', 'the log answered for fewer events than were written');
        }
        if (!appended.duplicate) {
          written.push(event.write);
          offsets.push(appended.offset);
        }
        receipts.push({ eventId: event.eventId, epoch: result.epoch, ...appended });
      }
      answers.push([batch, receipts]);
    }
    // Connections hear of events before the emitter does, so that what follows an emit follows it on every screen.
    this.#target.accepted(result.epoch, written, offsets);
    for (const [batch, receipts] of answers) batch.resolve(receipts);
  }

  #refuseAll({ refused }: Plan): void {
    for (const { batch, error } of refused) this.#refuse(batch, error);
  }

  #refuse(batch: PendingBatch, error: unknown): void {
    batch.refused = true;
    this.#target.refused(batch.events.length);
    batch.reject(error);
  }
}

function mayBeStale({ refused }: Plan): boolean {
  return refused.some(({ error }) => isWebSocketError(error) && MAY_BE_STALE.has(error.code));
}
