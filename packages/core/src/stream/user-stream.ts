import {
  WebSocketError,
  type CheckedEventInput,
  type EventId,
  type Offset,
  type OpenRun,
  type RunId,
  type RunSnapshotFrame,
  type StartFrom,
  type ThreadId,
  type UserId,
} from '@ws/types';
import { InboundLimit } from './inbound-limit.ts';
import type { LogEvent, MaybePromise } from '../log/event-log.ts';
import { DeliveryWatch } from '../observe/delivery-watch.ts';
import { applyRunEvent } from '../run/apply-run-event.ts';
import { toOpenRun, type OpenRunEntry, type RunTable } from '../run/run-table.ts';
import { epochMark, parseStreamKey, type StreamKey } from '../stream-key.ts';
import { AppendQueue } from './append-queue.ts';
import type { EmitReceipt } from './emit-receipt.ts';
import { Confirmations } from './confirmations.ts';
import { encodePayload, toRunEvent } from './event-codec.ts';
import { FanOut, type Follower } from './fan-out.ts';
import { HeldBatches } from './held-batches.ts';
import { LogFollower, type FollowedStream } from './log-follower.ts';
import { LogWriter, type WrittenStream } from './log-writer.ts';
import { readHistory, type HistoryQuery, type HistoryRead } from './read-history.ts';
import { Retention } from './retention.ts';
import type { IdentifiedEvent } from './pending-batch.ts';
import type { StreamServices } from './stream-services.ts';

/** Told of events that change a run; see {@link UserStream.watchRun}. */
export type RunWatcher = (event: LogEvent) => void;

/**
 * One user's stream as this process holds it: the head, the newest events, the open runs, and the connections that follow.
 * Everything in it can be made again from the log.
 */
export class UserStream implements FollowedStream, WrittenStream {
  readonly key: StreamKey;
  /** The connections that follow, and what they share. */
  readonly fanOut: FanOut;
  /** How far the user has acknowledged the stream. */
  readonly confirmations: Confirmations;
  /** How much all connections of the user send. */
  readonly inbound: InboundLimit;
  readonly #owner: ReturnType<typeof parseStreamKey>;
  readonly #services: StreamServices;
  readonly #queue: AppendQueue;
  readonly #retention: Retention;
  readonly #follower: LogFollower;
  /** The epoch of the log that was asked for last, and what it is in positions: each receipt needs it. */
  #logEpoch: string | undefined;
  #ownEpoch = '';
  /** Made for the first run that is emitted here. */
  #watchers: Map<RunId, RunWatcher> | undefined;

  constructor(key: StreamKey, services: StreamServices) {
    this.key = key;
    this.#owner = parseStreamKey(key);
    this.#services = services;
    this.confirmations = new Confirmations(services.wheel);
    this.inbound = new InboundLimit(services.options.userInboundRates, services.clock);
    this.#retention = new Retention(key, services.log, services.watch, services.options.retention);
    const watch = new DeliveryWatch(this.userId, services, services.options.onTiming);
    this.fanOut = new FanOut(services.delivery, watch, {
      maxEvents: services.options.tailEvents,
      maxChars: services.options.tailChars,
    });
    this.#follower = new LogFollower(this, this.#retention, services);
    const writer = new LogWriter(this, this.#follower, this.#retention, services);
    this.#queue = new AppendQueue({
      writer,
      breaker: services.breaker,
      writeTurn: services.writeTurn,
      makeHeld: () => this.#heldBatches(writer),
      settled: () => this.settled(),
    });
  }

  get userId(): UserId {
    return this.#owner.userId;
  }

  get isolatedThread(): ThreadId | undefined {
    return this.#owner.isolatedThread;
  }

  /** Whether it was loaded: before, nothing is known of its events. */
  get inMemory(): boolean {
    return this.#follower.loaded !== undefined;
  }

  get head(): Offset {
    return this.#follower.loaded?.head ?? 0;
  }

  /** The epoch in positions of this stream; see {@link UserStream.ownEpoch}. */
  get epoch(): string {
    return this.ownEpoch(this.#follower.state.epoch);
  }

  get oldest(): Offset {
    return this.#retention.checkpoint.offset + 1;
  }

  get runs(): RunTable {
    return this.#follower.state.runs;
  }

  /** Whether nothing here needs the stream to stay in memory. */
  get idle(): boolean {
    const followed = this.connections.size > 0 || (this.#watchers?.size ?? 0) > 0 || this.confirmations.waiting;
    return !followed && this.#queue.idle && !this.#follower.busy;
  }

  emitOne(event: CheckedEventInput): Promise<EmitReceipt> {
    return this.#queue.pushOne(this.#identify(event));
  }

  emit(events: readonly CheckedEventInput[]): Promise<readonly EmitReceipt[]> {
    return this.#queue.push(events.map((input) => this.#identify(input)));
  }

  /** Brings the stream into memory; answers at once when it is. */
  load(): MaybePromise<void> {
    return this.#follower.load();
  }

  /** Goes back to the log for events this process has not heard of. */
  refresh(): Promise<void> {
    return this.#follower.refresh();
  }

  /**
   * Sees to it that a position can be judged: another process may have appended events this one has not heard of yet, or let go
   * of some that this one believes to be there.
   *
   * @throws `LOG_UNAVAILABLE` for a position that only the log can tell of, while it is away
   */
  async confirm(from: Exclude<StartFrom, 'latest'>): Promise<void> {
    const { breaker } = this.#services;
    const { epoch, offset } = from === 'earliest' ? { epoch: this.epoch, offset: 0 } : from;
    if (epoch !== this.epoch || offset > this.head) {
      if (!breaker.isClosed) throw new WebSocketError('LOG_UNAVAILABLE', 'this position has to wait for the event log');
      await this.refresh();
    }
    const isInMemory = this.connections.size > 0 && this.fanOut.after(offset, 1) !== undefined;
    // While the log is away what is in memory is the best that is known.
    if (offset >= this.head || isInMemory || !breaker.isClosed) return;
    try {
      await this.#follower.visit(() => this.#retention.catchUp());
    } catch (error) {
      if (!breaker.isOutage(error)) throw error;
    }
  }

  get connections(): ReadonlySet<Follower> {
    return this.fanOut.connections;
  }

  attach(connection: Follower): void {
    this.fanOut.attach(connection, this.head);
  }

  detach(connection: Follower): void {
    if (this.fanOut.detach(connection, this.head)) this.#checkIdle();
  }

  /** Calls `watcher` with each event that changes the run, until the returned function is called. */
  watchRun(runId: RunId, watcher: RunWatcher): () => void {
    const watchers = (this.#watchers ??= new Map());
    watchers.set(runId, watcher);
    return () => {
      if (watchers.get(runId) !== watcher) return;
      watchers.delete(runId);
      this.#checkIdle();
    };
  }

  /** The open runs, with the approvals that may still be answered. */
  openRuns(): readonly OpenRun[] {
    const now = this.#services.clock.now();
    return [...this.runs.openRuns()].map((run) => toOpenRun(run, now));
  }

  /** What a reader that begins behind `offset` is sent of open runs whose beginning is no longer kept. */
  runSnapshots(offset: Offset, isInView: (threadId: ThreadId | undefined) => boolean): readonly RunSnapshotFrame[] {
    return this.#retention.checkpoint.open
      .filter(({ thread_id }) => isInView(thread_id))
      .map(({ run_id, thread_id, state }) => {
        const thread = thread_id === undefined ? {} : { thread_id };
        return { type: 'run_snapshot', run_id, ...thread, offset, state };
      });
  }

  /** An open run as it will be when what waits for the log is written: what ends it comes behind that. */
  runToCome(runId: RunId): OpenRunEntry | undefined {
    return (this.#queue.heldRuns ?? this.runs).get(runId);
  }

  async readPage(after: Offset, limit: number): Promise<readonly LogEvent[]> {
    const page = await this.#services.log.read(this.key, after, limit);
    if (page.epoch !== this.#follower.state.epoch) {
      this.parted();
      return [];
    }
    const first = page.events[0];
    const last = page.events.at(-1);
    // What a connection is sent from the log before this process heard of it counts as heard of.
    if (last !== undefined && last.offset > this.head) this.#follower.take(page.epoch, page.events);
    // Events are gone that were there by all this process knew: the next hello has to be told so.
    if (first === undefined || (first.prev ?? first.offset - 1) > after) await this.#retention.catchUp();
    return page.events;
  }

  /** Offsets of events by their ids, `undefined` for an id that the log does not hold. */
  lookup(eventIds: readonly EventId[]): MaybePromise<readonly (Offset | undefined)[]> {
    return this.#services.log.lookup(this.key, eventIds);
  }

  async history(query: HistoryQuery): Promise<HistoryRead> {
    const { log, clock } = this.#services;
    const read = await this.#follower.visit(() => readHistory(log, clock, this, query));
    return { ...read, epoch: this.ownEpoch(read.epoch) };
  }

  /** Lets go of what is no longer to be kept. */
  trim(): Promise<void> {
    return this.#follower.visit(() => this.#retention.trim());
  }

  dispose(): void {
    this.#follower.leave();
  }

  /** An epoch of the log as this stream's positions have it: no other stream has the same. */
  ownEpoch(logEpoch: string): string {
    if (logEpoch !== this.#logEpoch) {
      this.#logEpoch = logEpoch;
      this.#ownEpoch = logEpoch + epochMark(this.key);
    }
    return this.#ownEpoch;
  }

  // What the log follower needs

  loaded(runs: RunTable): void {
    this.#services.loaded(this.key, runs);
  }

  runChanged(event: LogEvent): void {
    applyRunEvent(this.runs, toRunEvent(event), event.offset);
    if (event.runId !== undefined) this.#watchers?.get(event.runId)?.(event);
    this.#services.runChanged(this.key, event);
  }

  /** Nothing in memory holds any more, and every client has to connect again. */
  parted(): void {
    for (const connection of [...this.connections]) connection.close('RESTARTING');
    this.confirmations.reset();
    this.dispose();
  }

  /** The queue or the follower has nothing to wait for any more. */
  settled(): void {
    this.#checkIdle();
  }

  #identify(input: CheckedEventInput): IdentifiedEvent {
    // The door has checked an id that was given.
    const eventId = (input.event_id ?? this.#services.ids.next()) as EventId;
    return { input, eventId, payloadText: encodePayload(input) };
  }

  #heldBatches(writer: LogWriter): HeldBatches {
    const { wheel, outageBuffer, breaker, options } = this.#services;
    return new HeldBatches({
      wheel,
      outageBuffer,
      emitDeadlineMs: options.emitDeadlineMs,
      runsInMemory: () => this.#follower.loaded?.runs,
      planContext: () => writer.planContext(new Map()),
      head: () => this.head,
      outage: () => breaker.outage,
      showVolatile: (events) => this.fanOut.showVolatile(events),
    });
  }

  #checkIdle(): void {
    if (this.idle) this.#services.streamIdle(this.key);
  }
}
