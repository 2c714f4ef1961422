import { WebSocketError } from '@ws/types';
import type { EventLog, MaybePromise, RunLeases } from '../../src/index.ts';

/** How an append fails: before anything was written, or after (the answer got lost). */
export type AppendFault = 'before' | 'after';

/** A log that goes away and comes back at will. Wraps a real one: what is there when it is back was really there. */
export class FaultyLog implements EventLog {
  readonly name = 'faulty';
  readonly durability: string;
  readonly leases: RunLeases;
  readonly #log: EventLog;
  #away = false;
  /** The next append fails in this way. */
  nextAppend: AppendFault | undefined = undefined;
  appends = 0;

  constructor(log: EventLog) {
    this.#log = log;
    this.durability = log.durability;
    const { leases } = log;
    this.leases = {
      set: (...args) => this.#reach(() => leases.set(...args)),
      delete: (...args) => this.#reach(() => leases.delete(...args)),
      expired: (...args) => this.#reach(() => leases.expired(...args)),
    };
  }

  goAway(): void {
    this.#away = true;
  }

  comeBack(): void {
    this.#away = false;
  }

  append(...args: Parameters<EventLog['append']>): ReturnType<EventLog['append']> {
    this.appends += 1;
    const fault = this.nextAppend;
    this.nextAppend = undefined;
    if (fault === 'before') throw away();
    const result = this.#reach(() => this.#log.append(...args));
    if (fault === 'after') throw away();
    return result;
  }

  lookup(...args: Parameters<EventLog['lookup']>): ReturnType<EventLog['lookup']> {
    return this.#reach(() => this.#log.lookup(...args));
  }

  read(...args: Parameters<EventLog['read']>): ReturnType<EventLog['read']> {
    return this.#reach(() => this.#log.read(...args));
  }

  head(...args: Parameters<EventLog['head']>): ReturnType<EventLog['head']> {
    return this.#reach(() => this.#log.head(...args));
  }

  trimmable(...args: Parameters<EventLog['trimmable']>): ReturnType<EventLog['trimmable']> {
    return this.#reach(() => this.#log.trimmable(...args));
  }

  trim(...args: Parameters<EventLog['trim']>): ReturnType<EventLog['trim']> {
    return this.#reach(() => this.#log.trim(...args));
  }

  subscribe(...args: Parameters<EventLog['subscribe']>): ReturnType<EventLog['subscribe']> {
    return this.#log.subscribe(...args);
  }

  healthy(): MaybePromise<boolean> {
    return !this.#away && this.#log.healthy();
  }

  close(): MaybePromise<void> {
    return this.#log.close();
  }

  #reach<Result>(work: () => Result): Result {
    if (this.#away) throw away();
    return work();
  }
}

function away(): WebSocketError {
  return new WebSocketError('LOG_UNAVAILABLE', 'the log is away (test)');
}
