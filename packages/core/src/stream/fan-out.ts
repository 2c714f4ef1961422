import type { EventId, Offset } from '@ws/types';
import type { Connection } from '../connection/connection.ts';
import type { Delivery } from '../hub/delivery.ts';
import type { LogEvent, NewLogEvent } from '../log/event-log.ts';
import type { DeliveryWatch } from '../observe/delivery-watch.ts';
import { framesFor, type FrameRun, type View } from './event-frames.ts';
import { TailRing, type TailRingLimits } from './tail-ring.ts';

/** Most streams never show anything before it has a number, and keep no set for it. */
const NONE: ReadonlySet<EventId> = new Set();

/** The connections that follow a stream, and the newest events in the form they share. */
export class FanOut {
  readonly #connections = new Set<Connection>();
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
  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Lets a connection follow the stream, whose head is `head`. */
  attach(connection: Connection, head: Offset): void {
    // Nobody needed the newest events in memory so far.
    if (this.#connections.size === 0) this.#ring.clear(head);
    this.#connections.add(connection);
    connection.planDelivery();
  }

  /** False if the connection did not follow. */
  detach(connection: Connection, head: Offset): boolean {
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
