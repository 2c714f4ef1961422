import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { ServerUnderTest } from './server-under-test.ts';

/** Ticks one after the other, as fast as the load generator receives them. */
export interface Flood {
  readonly kind: 'flood';
  readonly users: number;
  readonly connectionsPerUser: number;
  /** Events each user gets in a tick. */
  readonly perTick: number;
  /** Events sent to connections and not yet received by them, at most. */
  readonly ahead: number;
}

/** Events at a steady rate, one user after the other. */
export interface Pace {
  readonly kind: 'pace';
  readonly users: number;
  /** Events a second, over all users. */
  readonly perSecond: number;
  /** Length of a delta, in characters. */
  readonly deltaChars: number;
}

export type EmissionPlan = Flood | Pace;

/** So long that an event is about 295 bytes. */
export const DELTA_CHARS = 130;
const TEXT =
  'The quarterly figures show that revenue grew while costs stayed flat, so the margin went up; next I compare the regions. ';
const IDLE_MS = 1;

/** Text of exactly this length, different ones for different `n`. */
export function deltaText(n: number, chars: number): string {
  const start = n % TEXT.length;
  return TEXT.slice(start).padEnd(chars, TEXT).slice(0, chars);
}

/** What makes a server send: the agents of all users. */
export class Emission {
  /** Events handed to the server; each goes to every connection of its user. */
  emitted = 0;
  /** Emits the server refused. */
  refused = 0;
  readonly #server: ServerUnderTest;
  readonly #micros: () => number;
  #received = 0;
  #delivered = 0;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(server: ServerUnderTest, micros: () => number) {
    this.#server = server;
    this.#micros = micros;
  }

  /** The load generator has received this many events since it started. */
  received(events: number): void {
    this.#received = events;
  }

  start(plan: EmissionPlan): void {
    this.#stopped = false;
    this.#delivered = 0;
    this.#received = 0;
    this.#running = plan.kind === 'flood' ? this.#flood(plan) : this.#pace(plan);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    this.#running = undefined;
  }

  /** Emits a number of events to one user, in batches. */
  async burst(user: number, events: number, deltaChars: number): Promise<void> {
    const size = 50;
    for (let left = events; left > 0; left -= size) {
      const deltas = Array.from({ length: Math.min(size, left) }, (_, n) => deltaText(n, deltaChars));
      await this.#server.emit(user, deltas);
      this.emitted += deltas.length;
    }
  }

  /** Emits one event to each user. */
  async round(users: number): Promise<void> {
    for (let user = 0; user < users; user += 1) await this.#server.emit(user, [deltaText(user, DELTA_CHARS)]);
    this.emitted += users;
  }

  async #flood({ users, connectionsPerUser, perTick, ahead }: Flood): Promise<void> {
    const deltas = Array.from({ length: perTick }, (_, n) => deltaText(n, DELTA_CHARS));
    const perRound = users * connectionsPerUser * perTick;
    const pending: Promise<unknown>[] = [];
    while (!this.#stopped) {
      if (this.#delivered - this.#received + perRound > ahead) {
        await turn();
        continue;
      }
      for (let user = 0; user < users; user += 1) {
        const taken = this.#server.emit(user, deltas);
        if (taken === undefined) continue;
        pending.push(taken);
        // Agents are tasks of their own: what one emitted is on its way before the next has its turn.
        await Promise.resolve();
      }
      this.emitted += users * perTick;
      this.#delivered += perRound;
      if (pending.length > 0) await Promise.all(pending.splice(0));
      await turn();
    }
  }

  async #pace({ users, perSecond, deltaChars }: Pace): Promise<void> {
    const texts = Array.from({ length: 16 }, (_, n) => deltaText(n, deltaChars - 18));
    const startedAt = performance.now();
    let sent = 0;
    const emitNext = async (): Promise<void> => {
      const stamped = `${texts[sent % texts.length]}@${this.#micros().toFixed(0).padStart(16, '0')}@`;
      const taken = this.#server.emit(sent % users, [stamped]);
      sent += 1;
      this.emitted += 1;
      await taken?.catch(() => {
        this.refused += 1;
      });
    };
    while (!this.#stopped) {
      const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1_000);
      while (sent < due) void emitNext();
      await wait(IDLE_MS);
    }
    // The round is finished, so that every user was sent as many.
    const last: Promise<void>[] = [];
    while (sent % users !== 0) last.push(emitNext());
    await Promise.all(last);
  }
}
