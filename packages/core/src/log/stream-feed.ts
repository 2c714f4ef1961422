import type { Epoch, Offset, StreamPosition } from '@ws/types';
import type { LogEvent, LogListener, LogPage } from './event-log.ts';

/** What a message about an append says. */
export interface AppendNotice {
  readonly epoch: Epoch;
  /** Offset of the event before the ones that were appended. */
  readonly prev: Offset;
  /** Offset of the newest one. */
  readonly last: Offset;
  /** The events; empty if the message does not bring them. Called only if they are news. */
  events(): readonly LogEvent[];
}

/** What a feed needs of its log. */
export interface FeedSource {
  /** Epoch and offset of the newest event, `undefined` for a stream that is not there. */
  position(): Promise<StreamPosition | undefined>;
  read(after: Offset, limit: number): Promise<LogPage>;
  /** Begins a new epoch if the stream's head lies before `known` in the same epoch: its end was lost. */
  renewEpoch(known: StreamPosition): Promise<void>;
  /** Makes the subscription to messages about appends, or makes it again. */
  subscribe(): Promise<void>;
  /** Ends it. Does not throw. */
  unsubscribe(): void;
}

const PAGE = 500;
/** Checks in a row that found events of which no message told, before the subscription is made again. */
const DEAF_AFTER = 2;

/**
 * One stream as its listeners hear of it: every event once and in order, from wherever news comes. Messages and own appends
 * bring the events with them; a gap, a message without events and a check that finds the head ahead make it read the stream.
 */
export class StreamFeed {
  readonly #source: FeedSource;
  readonly #listeners = new Set<LogListener>();
  /** What listeners were told up to. The epoch is empty for a stream that was not there. */
  #position: StreamPosition | undefined;
  #starting = true;
  #subscribed = false;
  #reading: 'no' | 'yes' | 'again' = 'no';
  /** Checks since the last message that found the stream ahead. */
  #unheard = 0;

  constructor(source: FeedSource) {
    this.#source = source;
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  /** Whether listeners were told of the event at this position. */
  hasTold({ epoch, offset }: StreamPosition): boolean {
    return this.#position?.epoch === epoch && offset <= this.#position.offset;
  }

  add(listener: LogListener): () => void {
    // A function of its own, so that the same listener can be added twice and taken away once.
    const entry: LogListener = (epoch, events) => listener(epoch, events);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  /**
   * Finds out where the stream ends now, and hears of everything after that: what is appended until the subscription is in place
   * is read then.
   */
  async start(): Promise<void> {
    const before = this.#source.position();
    const subscribed = this.subscribe();
    try {
      const position = (await before) ?? { epoch: '', offset: 0 };
      this.#position ??= position;
    } catch {
      // The first check that succeeds finds the position.
    }
    await subscribed;
    this.#starting = false;
    await this.check();
  }

  /** Makes the subscription; for a new connection, too. Does not throw: the next check tries again. */
  async subscribe(): Promise<void> {
    this.#subscribed = false;
    try {
      await this.#source.subscribe();
      this.#subscribed = true;
    } catch {
      // The next check tries again.
    }
  }

  /** A message about an append arrived; `undefined` for one that could not be read. */
  heard(notice: AppendNotice | undefined): void {
    this.#unheard = 0;
    if (notice === undefined) return this.#catchUp();
    this.#take(notice);
  }

  /** This process appended. */
  appended(epoch: Epoch, events: readonly LogEvent[]): void {
    const first = events[0];
    const last = events.at(-1);
    if (first === undefined || last === undefined) return;
    this.#take({ epoch, prev: first.prev ?? first.offset - 1, last: last.offset, events: () => events });
  }

  /** Compares with the stream, and makes up for what was missed. The start does it by itself. */
  async check(): Promise<void> {
    if (this.#starting) return;
    const known = this.#position;
    if (!this.#subscribed) await this.subscribe();
    try {
      const found = await this.#source.position();
      if (found !== undefined) await this.#compare(known, found);
    } catch {
      // The server is away: the next check, or the next connection, makes up for it.
    }
  }

  async #compare(known: StreamPosition | undefined, found: StreamPosition): Promise<void> {
    if (known === undefined) {
      // What was missed can't be told, so the newest event is: who listens sees the gap before it.
      this.#position ??= { epoch: found.epoch, offset: Math.max(0, found.offset - 1) };
      return this.#catchUp();
    }
    if (found.epoch === known.epoch && found.offset < known.offset) {
      await this.#source.renewEpoch(known);
      return this.#catchUp();
    }
    const { epoch, offset } = this.#position ?? known;
    if (found.epoch === epoch && found.offset <= offset) return;
    this.#unheard += 1;
    if (this.#unheard >= DEAF_AFTER) {
      this.#unheard = 0;
      await this.subscribe();
    }
    this.#catchUp();
  }

  #take(notice: AppendNotice): void {
    const { epoch, prev, last } = notice;
    // Before the position is known nothing is told: the check that ends the start finds it.
    if (this.#position === undefined) return;
    const { epoch: ours, offset } = this.#position;
    if (ours === epoch && last <= offset) return;
    if ((ours !== epoch && (ours !== '' || prev > 0)) || prev > offset) return this.#catchUp();
    const told = notice.events();
    if (told.length === 0) return this.#catchUp();
    this.#deliver(epoch, told);
  }

  #catchUp(): void {
    if (this.#reading !== 'no') {
      this.#reading = 'again';
      return;
    }
    this.#reading = 'yes';
    this.#readToHead().then(
      () => {
        const again = this.#reading === 'again';
        this.#reading = 'no';
        if (again) this.#catchUp();
      },
      () => {
        this.#reading = 'no';
      },
    );
  }

  async #readToHead(): Promise<void> {
    while (this.#position !== undefined && this.hasListeners) {
      const { epoch, offset } = this.#position;
      const page = await this.#source.read(offset, PAGE);
      if (page.epoch !== epoch && epoch === this.#position.epoch) {
        // Numbered again: all there is now is news.
        this.#position = { epoch: page.epoch, offset: 0 };
        if (offset > 0) continue;
      }
      if (page.events.length === 0) return;
      this.#deliver(page.epoch, page.events);
    }
  }

  #deliver(epoch: Epoch, events: readonly LogEvent[]): void {
    const offset = this.#position?.offset ?? 0;
    const news = (events[0]?.offset ?? 0) > offset ? events : events.filter((event) => event.offset > offset);
    const last = news.at(-1);
    if (last === undefined) return;
    this.#position = { epoch, offset: last.offset };
    for (const listener of [...this.#listeners]) {
      try {
        listener(epoch, news);
      } catch (error) {
        // The events are in the log: a listener's fault is its own, not the append's and not the other listeners'.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
