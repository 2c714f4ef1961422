import {
  isWebSocketError,
  WebSocketError,
  type EventId,
  type Offset,
  type StreamPosition,
  type ThreadId,
  type UserId,
} from '@ws/types';
import type { AppendedEvent, AppendResult, LogEvent, MaybePromise, NewLogEvent } from '../log/event-log.ts';
import { diagnose, isWatched } from '../observe/channels.ts';
import type { StreamKey } from '../stream-key.ts';
import { KnownEvent, planGroup, planPlainEvent, readStored, type GroupPlan, type PlanContext } from './append-plan.ts';
import type { EmitReceipt } from './emit-receipt.ts';
import { Envelopes } from './event-codec.ts';
import type { LogFollower } from './log-follower.ts';
import type { IdentifiedEvent, PendingBatch } from './pending-batch.ts';
import type { Retention } from './retention.ts';
import type { StreamServices } from './stream-services.ts';

/** What the writer needs of its stream. */
export interface WrittenStream {
  readonly key: StreamKey;
  readonly userId: UserId;
  readonly isolatedThread: ThreadId | undefined;
  /** An epoch of the log as positions of this stream have it. */
  ownEpoch(logEpoch: string): string;
}

type Appended = Extract<AppendResult, { kind: 'appended' }>;

/** The events that are new in the log, and the log's answers about them. */
interface Written {
  readonly events: readonly NewLogEvent[];
  readonly answers: readonly AppendedEvent[];
}

/**
 * A stream's way to its log. Judges groups of batches and writes each in one append, on the condition that nothing came between; again,
 * where another process was faster. Takes what was appended into the stream, and answers the emitters. One group at a time.
 */
export class LogWriter {
  readonly #stream: WrittenStream;
  readonly #follower: LogFollower;
  readonly #retention: Retention;
  readonly #services: StreamServices;
  #context: { -readonly [Name in keyof PlanContext]: PlanContext[Name] } | undefined;
  /** When the append that is under way began, on the monotonic clock; `undefined` for one that is answered at once. */
  #startedAt: number | undefined;
  #headAtWrite: Offset | undefined;

  constructor(stream: WrittenStream, follower: LogFollower, retention: Retention, services: StreamServices) {
    this.#stream = stream;
    this.#follower = follower;
    this.#retention = retention;
    this.#services = services;
  }

  /** The stream's head when the append began that failed; `undefined` if the fault came before it, and nothing was written. */
  takeHeadAtWrite(): Offset | undefined {
    const head = this.#headAtWrite;
    this.#headAtWrite = undefined;
    return head;
  }

  /** What planning needs to know at this moment. It is made once and changed by the next call: nobody keeps it. */
  planContext(known: PlanContext['known']): PlanContext {
    const { clock, options } = this.#services;
    const context = (this.#context ??= {
      now: 0,
      maxEventBytes: options.maxEventBytes,
      isolatedThread: this.#stream.isolatedThread,
      known,
      maxOpenRuns: options.maxOpenRunsPerUser,
      envelopes: new Envelopes(),
    });
    context.now = clock.now();
    context.known = known;
    return context;
  }

  /**
   * Judges one event and appends it to a log that answers at once, without a batch around it. `undefined` if it has to be judged and
   * written at length.
   *
   * @throws what the log throws
   */
  writeNow(event: IdentifiedEvent): EmitReceipt | undefined {
    this.#headAtWrite = undefined;
    const { log } = this.#services;
    const { loaded } = this.#follower;
    if (log.appendNow === undefined || loaded === undefined) return undefined;
    const write = planPlainEvent(event, loaded.runs, this.planContext(undefined));
    if (write === undefined) return undefined;
    const { key } = this.#stream;
    const events = [write] as const;
    const { epoch, head } = loaded;
    this.#startedAt = undefined;
    if (this.#services.claimRuns(key, events) !== undefined) return undefined;
    this.#headAtWrite = head;
    const offset = log.appendNow(key, write, { epoch, offset: head });
    if (offset === undefined) return undefined;
    this.#accepted(epoch, { events, answers: [{ offset, duplicate: false }] });
    return { eventId: write.eventId, epoch: this.#stream.ownEpoch(epoch), offset, duplicate: false };
  }

  /** Writes a group; what is refused is told to its emitters, and so is what was written. */
  write(group: readonly PendingBatch[]): MaybePromise<void> {
    this.#headAtWrite = undefined;
    const loaded = this.#follower.load();
    const doubtful = doubtfulIds(group);
    if (loaded !== undefined || doubtful.length > 0) return this.#writeSlowly(group, doubtful, loaded);
    const plan = this.#plan(group, undefined);
    if (plan.mayBeStale) return this.#writeSlowly(group, doubtful, loaded);
    this.#refuseAll(plan);
    const result = this.#append(plan.writes);
    if (result instanceof Promise) return result.then((settled) => this.#finish(plan, settled));
    return this.#finish(plan, result);
  }

  refuse(batch: PendingBatch, error: unknown): void {
    batch.refused = true;
    this.#countRefused(batch.events.length, error);
    batch.reject(error);
  }

  #finish(plan: GroupPlan, result: AppendResult): MaybePromise<void> {
    if (result.kind === 'appended' && !isAllRepeated(plan, result)) return this.#tell(plan, result);
    return this.#writeAgain(plan.batches);
  }

  /** Another process was faster: see what it appended, then judge and write again. */
  async #writeAgain(group: readonly PendingBatch[]): Promise<void> {
    await this.#refresh();
    await this.#writeSlowly(group, doubtfulIds(group), this.#follower.load());
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
      const known = await readStored(this.#services.log, this.#stream.key, doubtful);
      const loading = this.#follower.load();
      if (loading !== undefined) {
        // The log began again meanwhile: what it answered was about the old events.
        await loading;
        continue;
      }
      const plan = this.#plan(remaining, known);
      if (fresh || !plan.mayBeStale) {
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
    return this.#follower.refresh();
  }

  #plan(group: readonly PendingBatch[], known: PlanContext['known']): GroupPlan {
    return planGroup(group, this.#follower.state.runs, this.planContext(known));
  }

  #append(events: readonly NewLogEvent[]): MaybePromise<AppendResult> {
    const { epoch, head } = this.#follower.state;
    this.#headAtWrite = head;
    if (events.length === 0) return { kind: 'appended', epoch, events: [] };
    this.#startedAt = this.#services.clock.monotonic();
    const position = { epoch, offset: head };
    const claimed = this.#services.claimRuns(this.#stream.key, events);
    if (claimed === undefined) return this.#services.log.append(this.#stream.key, events, position);
    return this.#appendAfter(claimed, events, position);
  }

  async #appendAfter(
    claimed: Promise<void>,
    events: readonly NewLogEvent[],
    position: StreamPosition,
  ): Promise<AppendResult> {
    await claimed;
    return this.#services.log.append(this.#stream.key, events, position);
  }

  #tell(plan: GroupPlan, result: Appended): void {
    const receipts = receiptsOf(plan, result, this.#stream.ownEpoch(result.epoch));
    const written = writtenOf(plan, result);
    // Connections hear of events before the emitter does, so that what follows an emit follows it on every screen.
    if (written.events.length > 0) this.#accepted(result.epoch, written);
    let at = 0;
    for (const batch of plan.batches) {
      batch.accept(receipts, at);
      at += batch.events.length;
    }
  }

  #refuseAll({ refused }: GroupPlan): void {
    for (const { batch, error } of refused) this.refuse(batch, error);
  }

  #accepted(epoch: string, { events, answers }: Written): void {
    const { counters, options } = this.#services;
    counters.appended += events.length;
    this.#measure(events.length);
    // A log that tells its subscribers before it answers has brought them here already.
    const { loaded } = this.#follower;
    const isTaken = epoch === loaded?.epoch && (answers.at(-1)?.offset ?? 0) <= loaded.head;
    if (!isTaken) this.#follower.take(epoch, numbered(events, answers));
    this.#services.appended(this.#stream.key, events);
    this.#retention.appended(events, options.onError);
  }

  #countRefused(events: number, error: unknown): void {
    const { counters } = this.#services;
    counters.refused += events;
    if (!isWebSocketError(error)) return;
    if (error.code === 'RUN_LIMIT') counters.runLimited += 1;
    if (error.code === 'EVENT_TOO_BIG') counters.tooBig += 1;
  }

  #measure(events: number): void {
    const { clock, options } = this.#services;
    const startedAt = this.#startedAt;
    if (startedAt === undefined && !isWatched('agent-events:append')) return;
    const durationMs = startedAt === undefined ? 0 : clock.monotonic() - startedAt;
    if (startedAt !== undefined) options.onTiming?.('append', durationMs);
    diagnose('agent-events:append', () => ({ userId: this.#stream.userId, events, durationMs }));
  }
}

function numbered(events: readonly NewLogEvent[], answers: readonly AppendedEvent[]): readonly LogEvent[] {
  return events.map((event, index) => ({ ...event, offset: answers[index]?.offset ?? 0 }));
}

/** What the emitters are answered: for each event of the plan where it is, in `epoch`. */
function receiptsOf({ events }: GroupPlan, { events: appended }: Appended, epoch: string): readonly EmitReceipt[] {
  let index = 0;
  return events.map((event) => {
    const { eventId } = event;
    if (event instanceof KnownEvent) return { eventId, epoch, offset: event.offset, duplicate: true };
    const answer = appended[index];
    index += 1;
    if (answer === undefined) {
      throw new WebSocketError('INTERNAL', 'the log answered for fewer events than were written');
    }
    return { eventId, epoch, offset: answer.offset, duplicate: answer.duplicate };
  });
}

/** What of the plan the log did not hold before: mostly all that was written. */
function writtenOf({ writes }: GroupPlan, { events: answers }: Appended): Written {
  if (!answers.some(isDuplicate)) return { events: writes, answers };
  return {
    events: writes.filter((_, index) => answers[index]?.duplicate === false),
    answers: answers.filter((answer) => !answer.duplicate),
  };
}

function isDuplicate({ duplicate }: AppendedEvent): boolean {
  return duplicate;
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
