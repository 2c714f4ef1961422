import type { Clock } from '../clock.ts';

/** Something that writes what it has when its turn comes: a connection. */
export interface Deliverable {
  deliver(): void;
}

/** Something whose connections are all due: a stream. */
export interface DeliverableGroup {
  deliverToAll(): void;
}

const SHEDDING_WINDOW_MS = 500;
/** Time in a tick for those that catch up, in milliseconds; one of them has its turn in any case. */
const CATCH_UP_MS = 1;

/**
 * The hub's delivery tick: however many events arrive in one turn of the event loop, each connection is served once, and
 * writes once. Groups that only have text deltas to deliver wait for the coalescing window, on one timer for all.
 */
export class Delivery {
  readonly #clock: Clock;
  readonly #coalesceMs: number;
  readonly #isShedding: () => boolean;
  #due: Deliverable[] = [];
  #catchingUp: Deliverable[] = [];
  #dueGroups: DeliverableGroup[] = [];
  #waiting: DeliverableGroup[] = [];
  #tickPlanned = false;

  constructor(clock: Clock, coalesceMs: number, isShedding: () => boolean = () => false) {
    this.#clock = clock;
    this.#coalesceMs = coalesceMs;
    this.#isShedding = isShedding;
  }

  /** Whether text deltas wait for others to be joined with. */
  get coalesces(): boolean {
    return this.#windowMs > 0;
  }

  /** Serves one connection in the next tick. The caller sees to it that it is planned once. */
  soon(item: Deliverable): void {
    this.#due.push(item);
    this.#planTick();
  }

  /** Serves one connection that catches up, when those before it have had their turn. The caller sees to it that it is planned once. */
  inTurn(item: Deliverable): void {
    this.#catchingUp.push(item);
    this.#planTick();
  }

  /** Serves all connections of a group in the next tick. The caller sees to it that it is planned once. */
  groupSoon(group: DeliverableGroup): void {
    this.#dueGroups.push(group);
    this.#planTick();
  }

  /** Serves all connections of a group when the coalescing window closes. */
  groupLater(group: DeliverableGroup): void {
    this.#waiting.push(group);
    if (this.#waiting.length === 1) this.#clock.after(this.#windowMs, () => this.#closeWindow());
  }

  /** Under high load text is joined harder: it is what there is most of, and nothing of it is lost. */
  get #windowMs(): number {
    return this.#isShedding() ? SHEDDING_WINDOW_MS : this.#coalesceMs;
  }

  #closeWindow(): void {
    const groups = this.#waiting;
    this.#waiting = [];
    for (const group of groups) group.deliverToAll();
  }

  #planTick(): void {
    if (this.#tickPlanned) return;
    this.#tickPlanned = true;
    this.#clock.soon(() => this.#tick());
  }

  #tick(): void {
    this.#tickPlanned = false;
    const groups = this.#dueGroups;
    const items = this.#due;
    this.#dueGroups = [];
    this.#due = [];
    for (const group of groups) group.deliverToAll();
    for (const item of items) item.deliver();
    if (this.#catchingUp.length > 0) this.#catchUp();
  }

  /** A thousand clients that come back at once are served a little in each tick, between which live ones have theirs. */
  #catchUp(): void {
    const items = this.#catchingUp;
    this.#catchingUp = [];
    const until = this.#clock.monotonic() + CATCH_UP_MS;
    let served = 0;
    do {
      items[served]?.deliver();
      served += 1;
    } while (served < items.length && this.#clock.monotonic() < until);
    if (served === items.length) return;
    // Whoever has had a turn and wants another comes after those who have had none.
    this.#catchingUp = [...items.slice(served), ...this.#catchingUp];
    this.#planTick();
  }
}
