import { WebSocketError } from '@ws/types';
import type { EventLog } from '../../src/index.ts';
import type { LogEvent, LogListener, MaybePromise, StreamKey } from '../../src/log.ts';

/** How an append fails: before anything was written, or after (the answer got lost). */
export type AppendFault = 'before' | 'after';

interface Subscription {
  readonly stream: StreamKey;
  readonly hear: LogListener;
  end: () => void;
}

/**
 * One process's way to a log that it shares with others: notifications can be held back, calls can fail or take their time, and
 * the process can die. What the log itself does stays real.
 */
export class LogDoor implements EventLog {
  readonly name = 'door';
  readonly durability: string;
  readonly leases: EventLog['leases'];
  /** Thrown by every append from now on. */
  appendFault: Error | undefined;
  /** The next append fails in this way. */
  nextAppend: AppendFault | undefined;
  /** Awaited before every append, read and head. */
  delay: (() => Promise<void>) | undefined;
  /** Awaited after every one of them: it is done, and the answer is on its way. */
  answerDelay: (() => Promise<void>) | undefined;
  appends = 0;
  reads = 0;
  #log: EventLog;
  #away = false;
  #held: (() => void)[] | undefined;
  #dead = false;
  readonly #subscriptions = new Set<Subscription>();

  constructor(log: EventLog) {
    this.#log = log;
    this.durability = log.durability;
    this.leases = {
      set: (leases) => this.#reach(() => this.#log.leases.set(leases)),
      add: (leases) => this.#reach(() => this.#log.leases.add(leases)),
      delete: (leases) => this.#reach(() => this.#log.leases.delete(leases)),
      expired: (now, limit) => this.#reach(() => this.#log.leases.expired(now, limit)),
    };
  }

  /** Another log stands behind the door now: the old one was lost. */
  replace(log: EventLog): void {
    this.#log = log;
    for (const subscription of this.#subscriptions) {
      subscription.end();
      subscription.end = log.subscribe(subscription.stream, subscription.hear);
    }
  }

  /** The log can't be reached from now on. */
  goAway(): void {
    this.#away = true;
  }

  comeBack(): void {
    this.#away = false;
  }

  /** Notifications wait until they are released. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const tell of held) tell();
  }

  /** Notifications that were held back are lost. */
  drop(): void {
    this.#held = undefined;
  }

  /** The process is gone: nothing reaches the log any more, and nothing comes from it. */
  kill(): void {
    this.#dead = true;
    for (const subscription of this.#subscriptions) subscription.end();
    this.#subscriptions.clear();
  }

  append(...args: Parameters<EventLog['append']>): ReturnType<EventLog['append']> {
    return this.#call(() => {
      this.appends += 1;
      const fault = this.nextAppend;
      this.nextAppend = undefined;
      if (this.appendFault !== undefined) throw this.appendFault;
      if (fault === 'before') throw away();
      const result = this.#log.append(...args);
      if (fault === 'after') throw away();
      return result;
    });
  }

  lookup(...args: Parameters<EventLog['lookup']>): ReturnType<EventLog['lookup']> {
    return this.#call(() => this.#log.lookup(...args));
  }

  read(...args: Parameters<EventLog['read']>): ReturnType<EventLog['read']> {
    this.reads += 1;
    return this.#call(() => this.#log.read(...args));
  }

  head(...args: Parameters<EventLog['head']>): ReturnType<EventLog['head']> {
    return this.#call(() => this.#log.head(...args));
  }

  trimmable(...args: Parameters<EventLog['trimmable']>): ReturnType<EventLog['trimmable']> {
    return this.#call(() => this.#log.trimmable(...args));
  }

  trim(...args: Parameters<EventLog['trim']>): ReturnType<EventLog['trim']> {
    return this.#call(() => this.#log.trim(...args));
  }

  aged(before: number, limit: number): MaybePromise<readonly StreamKey[]> {
    return this.#call(() => this.#log.aged?.(before, limit) ?? []);
  }

  subscribe(stream: StreamKey, listener: LogListener): () => void {
    const hear = (epoch: string, events: readonly LogEvent[]): void => {
      if (this.#held === undefined) listener(epoch, events);
      else this.#held.push(() => listener(epoch, events));
    };
    const subscription = { stream, hear, end: this.#log.subscribe(stream, hear) };
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
      subscription.end();
    };
  }

  healthy(): MaybePromise<boolean> {
    return !this.#dead && !this.#away && this.#log.healthy();
  }

  close(): void {
    this.kill();
  }

  #reach<Value>(work: () => MaybePromise<Value>): MaybePromise<Value> {
    if (this.#dead) throw new WebSocketError('LOG_CLOSED', 'this process is dead');
    if (this.#away) throw away();
    return work();
  }

  #call<Value>(work: () => MaybePromise<Value>): MaybePromise<Value> {
    const { delay, answerDelay } = this;
    if (delay === undefined && answerDelay === undefined) return this.#reach(work);
    return this.#takeTime(work, delay, answerDelay);
  }

  async #takeTime<Value>(
    work: () => MaybePromise<Value>,
    delay: (() => Promise<void>) | undefined,
    answerDelay: (() => Promise<void>) | undefined,
  ): Promise<Value> {
    await delay?.();
    const answer = await this.#reach(work);
    await answerDelay?.();
    if (this.#dead) throw new WebSocketError('LOG_CLOSED', 'this process is dead');
    return answer;
  }
}

function away(): WebSocketError {
  return new WebSocketError('LOG_UNAVAILABLE', 'the log is away (test)');
}
