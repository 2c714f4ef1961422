import { isDeltaEvent, WebSocketError, type CheckedEventInput, type Offset, type OpenRun, type RunId } from '@ws/types';
import type { Connection } from '../connection/connection.ts';
import type { AppendResult, LogEvent, LogPage, MaybePromise, NewLogEvent } from '../log/event-log.ts';
import { applyRunEvent, changesRuns } from '../run/run-order.ts';
import { toOpenRun, type RunTable } from '../run/run-table.ts';
import { parseStreamKey, type StreamKey } from '../stream-key.ts';
import type { PlanContext } from './append-plan.ts';
import { AppendQueue, type AppendTarget, type EmitReceipt } from './append-queue.ts';
import { EMPTY_CHECKPOINT, type CheckpointRun } from './checkpoint.ts';
import { toRunEvent } from './event-codec.ts';
import { framesFor, type FramedEvent, type FrameRun, type View } from './event-frames.ts';
import { loadStream, type LoadedStream } from './load-stream.ts';
import { Retention } from './retention.ts';
import type { StreamServices } from './stream-services.ts';
import { TailRing } from './tail-ring.ts';

/** Told of events that change a run; see {@link UserStream.watchRun}. */
export type RunWatcher = (event: LogEvent) => void;

/** Pages read in a row when the stream has to make up for missed notifications. */
const REFRESH_PAGE = 500;

/**
 * One user's stream as this process holds it: the head, the newest events, the open runs, and the connections that follow.
 * Everything in it can be made again from the log.
 */
export class UserStream implements AppendTarget {
  readonly key: StreamKey;
  readonly connections = new Set<Connection>();
  readonly #services: StreamServices;
  readonly #queue: AppendQueue;
  readonly #retention: Retention;
  readonly #ring: TailRing;
  readonly #watchers = new Map<RunId, RunWatcher>();
  #loaded: LoadedStream | undefined;
  #loading: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #unsubscribe: (() => void) | undefined;
  /** Highest offset heard of while the stream was not in memory yet. */
  #heardOf: Offset = 0;
  #deliveryPlanned: 'no' | 'soon' | 'later' = 'no';
  #shared: { readonly from: Offset; readonly to: Offset; readonly merge: boolean; readonly run: FrameRun } | undefined;

  constructor(key: StreamKey, services: StreamServices) {
    this.key = key;
    this.#services = services;
    this.#queue = new AppendQueue(this);
    this.#retention = new Retention(key, services.log, services.clock, services.options.retention);
    this.#ring = new TailRing(0, { maxEvents: services.options.tailEvents, maxChars: services.options.tailChars });
  }

  get head(): Offset {
    return this.#loaded?.head ?? 0;
  }

  get epoch(): string {
    return this.#state.epoch;
  }

  get oldest(): Offset {
    return this.#retention.checkpoint.offset + 1;
  }

  get runs(): RunTable {
    return this.#state.runs;
  }

  /** Whether nothing here needs the stream to stay in memory. */
  get idle(): boolean {
    return this.connections.size === 0 && this.#watchers.size === 0 && this.#queue.idle && this.#loading === undefined;
  }

  emit(events: readonly CheckedEventInput[]): Promise<readonly EmitReceipt[]> {
    return this.#queue.push(events);
  }

  /** Brings the stream into memory; answers at once when it is. */
  load(): MaybePromise<void> {
    if (this.#loaded !== undefined) return undefined;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
      this.#checkIdle();
    });
    return this.#loading;
  }

  /** Goes back to the log for events this process has not heard of. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#readToHead().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /**
   * Sees to it that a position can be judged: another process may have appended events this one has not heard of yet, or let go
   * of some that this one believes to be there.
   */
  async confirm(position: { readonly epoch?: string; readonly offset: Offset }): Promise<void> {
    const { epoch = this.epoch, offset } = position;
    if (epoch !== this.epoch || offset > this.head) await this.refresh();
    if (offset < this.head && this.#ring.after(offset, 1) === undefined) await this.#retention.catchUp();
  }

  attach(connection: Connection): void {
    // Nobody needed the newest events in memory so far.
    if (this.connections.size === 0) this.#ring.clear(this.head);
    this.connections.add(connection);
    connection.planDelivery();
  }

  detach(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    if (this.connections.size === 0) {
      this.#ring.clear(this.head);
      this.#shared = undefined;
      this.#checkIdle();
    }
  }

  /** Calls `watcher` with each event that changes the run, until the returned function is called. */
  watchRun(runId: RunId, watcher: RunWatcher): () => void {
    this.#watchers.set(runId, watcher);
    return () => {
      if (this.#watchers.get(runId) !== watcher) return;
      this.#watchers.delete(runId);
      this.#checkIdle();
    };
  }

  openRuns(): readonly OpenRun[] {
    return [...this.runs.openRuns()].map(toOpenRun);
  }

  /** The folded state of runs whose beginning is no longer kept. */
  trimmedRuns(): readonly CheckpointRun[] {
    return this.#retention.checkpoint.open;
  }

  /** Events after `offset` from memory, or `undefined` if the log has to be read. */
  tailAfter(offset: Offset, limit: number): readonly FramedEvent[] | undefined {
    return this.#ring.after(offset, limit);
  }

  async readPage(after: Offset, limit: number): Promise<readonly FramedEvent[]> {
    const page = await this.#services.log.read(this.key, after, limit);
    if (page.epoch !== this.epoch) throw epochChanged(this.key);
    const first = page.events[0];
    // Events are gone that were there by all this process knew: the next hello has to be told so.
    if (first === undefined || (first.prev ?? first.offset - 1) > after) await this.#retention.catchUp();
    return page.events.map((event) => ({ event, frame: undefined }));
  }

  async history(after: Offset, limit: number): Promise<LogPage> {
    return this.#services.log.read(this.key, after, limit);
  }

  /** Frames for connections that see everything and stand at the same place: made once for all of them. */
  sharedFrames(events: readonly FramedEvent[], view: View, from: Offset): FrameRun {
    const to = events.at(-1)?.event.offset ?? from;
    const shared = this.#shared;
    if (shared !== undefined && shared.from === from && shared.to === to && shared.merge === view.merge) {
      return shared.run;
    }
    const run = framesFor(events, view, from);
    this.#shared = { from, to, merge: view.merge, run };
    return run;
  }

  deliverToAll(): void {
    this.#deliveryPlanned = 'no';
    for (const connection of this.connections) connection.deliver();
  }

  dispose(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#loaded = undefined;
  }

  // What the append queue needs

  planContext(known: ReadonlyMap<string, Offset>): PlanContext {
    const { clock, ids, options } = this.#services;
    return {
      now: clock.now(),
      maxEventBytes: options.maxEventBytes,
      newId: () => ids.next(),
      isolatedThread: parseStreamKey(this.key).isolatedThread,
      knownOffset: (eventId) => known.get(eventId),
      maxOpenRuns: options.maxOpenRunsPerUser,
    };
  }

  lookup(eventIds: Parameters<AppendTarget['lookup']>[0]): ReturnType<AppendTarget['lookup']> {
    return this.#services.log.lookup(this.key, eventIds);
  }

  append(events: readonly NewLogEvent[]): MaybePromise<AppendResult> {
    const { epoch, head } = this.#state;
    if (events.length === 0) return { kind: 'appended', epoch, events: [] };
    const write = () => this.#services.log.append(this.key, events, { epoch, offset: head });
    const claimed = this.#services.claimRuns(this.key, events);
    return claimed instanceof Promise ? claimed.then(write) : write();
  }

  accepted(epoch: string, events: readonly NewLogEvent[], offsets: readonly Offset[]): void {
    this.#services.counters.appended += events.length;
    this.#take(
      epoch,
      events.map((event, index): LogEvent => ({ ...event, offset: offsets[index] ?? 0 })),
    );
    this.#services.releaseRuns(this.key, events);
    this.#retention.appended(events.length, this.#services.options.onError);
  }

  refused(events: number): void {
    this.#services.counters.refused += events;
  }

  settled(): void {
    this.#checkIdle();
  }

  get #state(): LoadedStream {
    if (this.#loaded === undefined) throw new WebSocketError('INTERNAL', `stream ${this.key} is not in memory`);
    return this.#loaded;
  }

  async #load(): Promise<void> {
    this.#unsubscribe ??= this.#services.log.subscribe(this.key, (epoch, events) => this.#take(epoch, events));
    const loaded = await loadStream(this.#services.log, this.key);
    this.#retention.restore(loaded.checkpoint ?? EMPTY_CHECKPOINT, loaded.oldest);
    this.#ring.clear(loaded.head);
    this.#loaded = loaded;
    if (this.#heardOf > loaded.head) await this.refresh();
  }

  async #readToHead(): Promise<void> {
    for (;;) {
      const page = await this.#services.log.read(this.key, this.head, REFRESH_PAGE);
      if (page.epoch !== this.epoch) {
        this.#restart();
        throw epochChanged(this.key);
      }
      if (page.events.length === 0) return;
      this.#take(page.epoch, page.events);
    }
  }

  /** Events that are in the log, from this process or another: the one way anything gets into the stream. */
  #take(epoch: string, events: readonly LogEvent[]): void {
    const state = this.#loaded;
    const last = events.at(-1);
    if (last === undefined) return;
    if (state === undefined) {
      this.#heardOf = Math.max(this.#heardOf, last.offset);
      return;
    }
    if (epoch !== state.epoch) {
      this.#restart();
      return;
    }
    let urgent = false;
    for (const event of events) {
      if (event.offset <= state.head) continue;
      if ((event.prev ?? event.offset - 1) > state.head) {
        this.refresh().catch(this.#services.options.onError);
        break;
      }
      state.head = event.offset;
      if (this.connections.size > 0) this.#ring.push(event);
      if (!isDeltaEvent(event.type)) urgent = true;
      if (changesRuns(event.type)) this.#noteRun(state.runs, event);
    }
    this.#planDelivery(urgent);
  }

  #noteRun(runs: RunTable, event: LogEvent): void {
    applyRunEvent(runs, toRunEvent(event), event.offset);
    if (event.runId !== undefined) this.#watchers.get(event.runId)?.(event);
  }

  #planDelivery(urgent: boolean): void {
    if (this.connections.size === 0 || this.#deliveryPlanned === 'soon') return;
    const { delivery } = this.#services;
    if (urgent || !delivery.coalesces) {
      this.#deliveryPlanned = 'soon';
      delivery.groupSoon(this);
    } else if (this.#deliveryPlanned === 'no') {
      this.#deliveryPlanned = 'later';
      delivery.groupLater(this);
    }
  }

  /** The log began a new numbering: nothing in memory holds any more, and every client has to be told `reset`. */
  #restart(): void {
    for (const connection of [...this.connections]) connection.close('RESTARTING');
    this.dispose();
  }

  #checkIdle(): void {
    if (this.idle) this.#services.streamIdle(this.key);
  }
}

function epochChanged(key: StreamKey): WebSocketError {
  return new WebSocketError('LOG_UNAVAILABLE', `stream ${key} was numbered anew while it was read: try again`);
}
