import {
  isWebSocketError,
  WebSocketError,
  type CheckedEventInput,
  type ErrorCode,
  type EventId,
  type Offset,
} from '@ws/types';
import type { AppendResult, MaybePromise, NewLogEvent } from '../log/event-log.ts';
import { RunOverlay, type RunTable } from '../run/run-table.ts';
import { planBatch, type PlanContext, type PlannedEvent } from './append-plan.ts';

/** What `emit` answers: where the event is now. */
export interface EmitReceipt {
  readonly eventId: EventId;
  readonly epoch: string;
  readonly offset: Offset;
  /** The event was there before: this `event_id` was emitted earlier, nothing was written now. */
  readonly duplicate: boolean;
}

/** What the queue needs of its stream. */
export interface AppendTarget {
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

interface Batch {
  readonly events: readonly CheckedEventInput[];
  readonly resolve: (receipts: readonly EmitReceipt[]) => void;
  readonly reject: (error: unknown) => void;
}

interface PlannedBatch {
  readonly batch: Batch;
  readonly events: readonly PlannedEvent[];
}

interface Plan {
  readonly planned: readonly PlannedBatch[];
  readonly refused: readonly { readonly batch: Batch; readonly error: unknown }[];
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

/** Batches written in one append, so that one slow append does not become a queue of many. */
const MAX_GROUP_EVENTS = 1000;

/**
 * The one writer of a stream in this process: batches are judged, written and told in order, one group at a time. While a
 * group is on its way to the log the next one gathers.
 */
export class AppendQueue {
  readonly #target: AppendTarget;
  #waiting: Batch[] = [];
  #writing = false;

  constructor(target: AppendTarget) {
    this.#target = target;
  }

  get idle(): boolean {
    return !this.#writing && this.#waiting.length === 0;
  }

  /** Appends a batch, whole or not at all. Rejects with the error of the event that was refused, or the log's. */
  push(events: readonly CheckedEventInput[]): Promise<readonly EmitReceipt[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, resolve, reject });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      try {
        // A log that answers at once is not made to wait for a turn.
        const written = this.#writeGroup(group);
        if (written instanceof Promise) await written;
      } catch (error) {
        const failure = toWebSocketError(error);
        for (const batch of group) this.#refuse(batch, failure);
      }
    }
    this.#writing = false;
    this.#target.settled();
  }

  /** The batches that are written together: not too many, and no event id twice, so that the second finds the first. */
  #nextGroup(): Batch[] {
    const ids = new Set<string>();
    let events = 0;
    let count = 0;
    for (const batch of this.#waiting) {
      const own = batch.events.flatMap((event) => event.event_id ?? []);
      if (count > 0 && (events + batch.events.length > MAX_GROUP_EVENTS || own.some((id) => ids.has(id)))) break;
      for (const id of own) ids.add(id);
      events += batch.events.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  #writeGroup(group: readonly Batch[]): MaybePromise<void> {
    const loaded = this.#target.load();
    const given = group.flatMap(({ events }) => events.flatMap((event) => event.event_id ?? []));
    if (loaded === undefined && given.length === 0) {
      const plan = this.#plan(group, new Map());
      if (!mayBeStale(plan)) {
        this.#refuseAll(plan);
        const remaining = plan.planned.map(({ batch }) => batch);
        const result = this.#append(plan.planned);
        if (result instanceof Promise) return this.#finishLater(remaining, plan.planned, result);
        if (result.kind === 'appended') return this.#tell(plan.planned, result);
        return this.#writeSlowly(remaining, [], undefined);
      }
    }
    return this.#writeSlowly(group, given as EventId[], loaded);
  }

  async #finishLater(
    group: readonly Batch[],
    planned: readonly PlannedBatch[],
    pending: Promise<AppendResult>,
  ): Promise<void> {
    const result = await pending;
    if (result.kind === 'appended') this.#tell(planned, result);
    else await this.#writeSlowly(group, [], undefined);
  }

  /** The whole way: load, look up ids the publishers gave, plan, append, and again if another process was faster. */
  async #writeSlowly(group: readonly Batch[], given: readonly EventId[], loaded: MaybePromise<void>): Promise<void> {
    await loaded;
    let remaining = group;
    let fresh = false;
    for (;;) {
      const known = await this.#lookup(given);
      const plan = this.#plan(remaining, known);
      if (fresh || !mayBeStale(plan)) {
        this.#refuseAll(plan);
        if (plan.planned.length === 0) return;
        const result = await this.#append(plan.planned);
        if (result.kind === 'appended') return this.#tell(plan.planned, result);
        remaining = plan.planned.map(({ batch }) => batch);
      }
      await this.#target.refresh();
      fresh = true;
    }
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
  #plan(group: readonly Batch[], known: ReadonlyMap<string, Offset>): Plan {
    const context = this.#target.planContext(known);
    const runs = new RunOverlay(this.#target.runs);
    const planned: PlannedBatch[] = [];
    const refused: { batch: Batch; error: unknown }[] = [];
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
    return this.#target.append(events);
  }

  #tell(planned: readonly PlannedBatch[], result: Extract<AppendResult, { kind: 'appended' }>): void {
    const written: NewLogEvent[] = [];
    const offsets: Offset[] = [];
    const answers: [Batch, EmitReceipt[]][] = [];
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
        if (appended === undefined)
          throw new WebSocketError('INTERNAL', 'the log answered for fewer events than written');
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

  #refuse(batch: Batch, error: unknown): void {
    this.#target.refused(batch.events.length);
    batch.reject(error);
  }
}

function mayBeStale({ refused }: Plan): boolean {
  return refused.some(({ error }) => isWebSocketError(error) && MAY_BE_STALE.has(error.code));
}

function toWebSocketError(error: unknown): WebSocketError {
  if (isWebSocketError(error)) return error;
  return new WebSocketError('INTERNAL', 'appending to the event log failed in a way it should not', { cause: error });
}
