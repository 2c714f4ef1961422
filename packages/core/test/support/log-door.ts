import { WebSocketError } from '@ws/types';
import type { EventLog, LogEvent, LogListener, MaybePromise } from '../../src/index.ts';

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
  /** Awaited before every append, read and head. */
  delay: (() => Promise<void>) | undefined;
  appends = 0;
  reads = 0;
  #log: EventLog;
  #held: (() => void)[] | undefined;
  #dead = false;
  readonly #unsubscribes = new Set<() => void>();

  constructor(log: EventLog) {
    this.#log = log;
    this.durability = log.durability;
    this.leases = {
      set: (leases) => this.#alive(() => this.#log.leases.set(leases)),
      delete: (leases) => this.#alive(() => this.#log.leases.delete(leases)),
      expired: (now, limit) => this.#alive(() => this.#log.leases.expired(now, limit)),
    };
  }

  /** Another log stands behind the door now: the old one was lost. */
  replace(log: EventLog): void {
    this.#log = log;
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
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    this.#unsubscribes.clear();
  }

  append(...args: Parameters<EventLog['append']>): ReturnType<EventLog['append']> {
    return this.#call(() => {
      this.appends += 1;
      if (this.appendFault !== undefined) throw this.appendFault;
      return this.#log.append(...args);
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

  subscribe(stream: Parameters<EventLog['subscribe']>[0], listener: LogListener): () => void {
    const hear = (epoch: string, events: readonly LogEvent[]): void => {
      if (this.#held === undefined) listener(epoch, events);
      else this.#held.push(() => listener(epoch, events));
    };
    const end = this.#log.subscribe(stream, hear);
    this.#unsubscribes.add(end);
    return () => {
      this.#unsubscribes.delete(end);
      end();
    };
  }

  healthy(): MaybePromise<boolean> {
    return !this.#dead && this.#log.healthy();
  }

  close(): void {
    this.kill();
  }

  #alive<Value>(work: () => MaybePromise<Value>): MaybePromise<Value> {
    if (this.#dead) throw new WebSocketError('LOG_CLOSED', 'this process is dead');
    return work();
  }

  #call<Value>(work: () => MaybePromise<Value>): MaybePromise<Value> {
    if (this.delay === undefined) return this.#alive(work);
    return this.delay().then(() => this.#alive(work));
  }
}
