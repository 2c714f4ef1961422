import type { CloseReason, ControlFrame, EventId, Offset, WebSocketConnection } from '@ws/types';
import type { Delivery } from './delivery.ts';
import type { LogEvent, NewLogEvent } from '../log/event-log.ts';
import type { DeliveryWatch } from '../observe/delivery-watch.ts';
import { framesFor, type FrameRun, type View } from './event-frames.ts';

/** What follows a stream: a connection. */
export interface Follower extends WebSocketConnection {
  /** Everything up to here was looked at: sent, or not in its view. */
  readonly position: Offset;
  /** Bytes written that the operating system has not taken yet. */
  readonly bufferedBytes: number;
  /** Asks for a turn in the next delivery tick. */
  planDelivery(): void;
  /** Writes what there is, as far as the socket takes it. */
  deliver(): void;
  /** Shows events that are in no log yet. */
  sendVolatile(events: readonly NewLogEvent[]): void;
  /** Sends a control frame with this tick's write. */
  sendControl(frame: ControlFrame): void;
  close(reason: CloseReason): void;
}

/** Bounds of a ring: whichever is reached first. */
export interface TailRingLimits {
  readonly maxEvents: number;
  /** Characters of encoded events. */
  readonly maxChars: number;
}

/**
 * The newest events of a stream, encoded once and shared by all its cursors. A cursor that stands before the ring reads the
 * log instead; one inside it needs no I/O.
 */
export class TailRing {
  readonly #limits: TailRingLimits;
  #events: LogEvent[] = [];
  /** Index of the oldest event still in the ring: those before it are cut off in bulk. */
  #start = 0;
  #chars = 0;
  /** Offset just before the oldest event: a cursor standing here or later is served from the ring. */
  #base: Offset;

  constructor(head: Offset, limits: TailRingLimits) {
    this.#base = head;
    this.#limits = limits;
  }

  push(event: LogEvent): void {
    this.#events.push(event);
    this.#chars += event.data.length;
    while (this.size > this.#limits.maxEvents || (this.#chars > this.#limits.maxChars && this.size > 1)) this.#drop();
    // Cut off when most of the array is gone: cheap on average, and what was dropped does not stay in memory.
    if (this.#start > this.size) this.#compact();
  }

  /** Forgets everything; the stream's head is `head` now. */
  clear(head: Offset): void {
    this.#events = [];
    this.#start = 0;
    this.#chars = 0;
    this.#base = head;
  }

  get size(): number {
    return this.#events.length - this.#start;
  }

  /** At most `limit` events after `offset`, or `undefined` if the ring no longer reaches back that far. */
  after(offset: Offset, limit: number): readonly LogEvent[] | undefined {
    if (offset < this.#base) return undefined;
    const from = this.#indexAfter(offset);
    return this.#events.slice(from, from + limit);
  }

  /** Index of the first event whose offset is greater. */
  #indexAfter(offset: Offset): number {
    // Where the numbers have no holes, as nearly always, the place can be told.
    const likely = this.#start + (offset - this.#base);
    if (this.#events[likely]?.offset === offset + 1) return likely;
    // Offsets rise: it is found by halving.
    let low = this.#start;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.#events[middle];
      if (at !== undefined && at.offset <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drop(): void {
    const dropped = this.#events[this.#start];
    this.#start += 1;
    if (dropped === undefined) return;
    this.#base = dropped.offset;
    this.#chars -= dropped.data.length;
  }

  #compact(): void {
    this.#events = this.#events.slice(this.#start);
    this.#start = 0;
  }
}

/** Most streams never show anything before it has a number, and keep no set for it. */
const NONE: ReadonlySet<EventId> = new Set();

/** The connections that follow a stream, and the newest events in the form they share. */
export class FanOut {
  readonly #connections = new Set<Follower>();
  readonly #delivery: Delivery;
  readonly #ring: TailRing;
  /** Events shown as volatile to connections that still follow. Bounded by the outage buffer, and by the life of the connections. */
  #shown = NONE;
  readonly #watch: DeliveryWatch;
  #planned: 'no' | 'soon' | 'later' = 'no';
  #shared: { readonly from: Offset; readonly to: Offset; readonly merge: boolean; readonly run: FrameRun } | undefined;

  constructor(delivery: Delivery, watch: DeliveryWatch, limits: TailRingLimits) {
    this.#delivery = delivery;
    this.#watch = watch;
    this.#ring = new TailRing(0, limits);
  }

  /** Oldest first. */
  get connections(): ReadonlySet<Follower> {
    return this.#connections;
  }

  /** Lets a connection follow the stream, whose head is `head`. */
  attach(connection: Follower, head: Offset): void {
    // Nobody needed the newest events in memory so far.
    if (this.#connections.size === 0) this.#ring.clear(head);
    this.#connections.add(connection);
    connection.planDelivery();
  }

  /** False if the connection did not follow. */
  detach(connection: Follower, head: Offset): boolean {
    if (!this.#connections.delete(connection)) return false;
    if (this.#connections.size === 0) this.clear(head);
    return true;
  }

  /** Events shown as volatile to connections that still follow. */
  get shown(): ReadonlySet<EventId> {
    return this.#shown;
  }

  /** Forgets the events in memory; the stream's head is `head`. */
  clear(head: Offset): void {
    this.#shown = NONE;
    this.#ring.clear(head);
    this.#shared = undefined;
  }

  push(event: LogEvent): void {
    if (this.#connections.size === 0) return;
    this.#ring.push(event);
    this.#watch.pushed(event);
  }

  /** Events after `offset` from memory, or `undefined` if the log has to be read. */
  after(offset: Offset, limit: number): readonly LogEvent[] | undefined {
    return this.#ring.after(offset, limit);
  }

  /** Frames for connections that see everything and stand at the same place: made once for all of them. */
  sharedFrames(events: readonly LogEvent[], view: View, from: Offset): FrameRun {
    const to = events.at(-1)?.offset ?? from;
    const shared = this.#shared;
    if (shared !== undefined && shared.from === from && shared.to === to && shared.merge === view.merge) {
      return shared.run;
    }
    const run = framesFor(events, view, from);
    this.#shared = { from, to, merge: view.merge, run };
    return run;
  }

  /** Events were pushed. Text deltas alone wait for others to be joined with; anything else goes out with this tick. */
  planDelivery(urgent: boolean): void {
    if (this.#connections.size === 0 || this.#planned === 'soon') return;
    if (urgent || !this.#delivery.coalesces) {
      this.#planned = 'soon';
      this.#delivery.groupSoon(this);
    } else if (this.#planned === 'no') {
      this.#planned = 'later';
      this.#delivery.groupLater(this);
    }
  }

  /** The delivery tick has come. */
  deliverToAll(): void {
    this.#planned = 'no';
    for (const connection of this.#connections) connection.deliver();
    // All that keep up have had them: what is made again in each tick is not to grow old in memory.
    this.#shared = undefined;
    this.#watch.delivered(this.#connections.size);
  }

  /** Shows events that are in no log yet. */
  showVolatile(events: readonly NewLogEvent[]): void {
    if (this.#connections.size === 0) return;
    this.#shown = new Set([...this.#shown, ...events.map(({ eventId }) => eventId)]);
    for (const connection of this.#connections) connection.sendVolatile(events);
  }
}
