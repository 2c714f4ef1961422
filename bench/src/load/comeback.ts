import { monotonicMicros } from '../monotonic.ts';
import type { LoadClient, LoadClientEvents } from './load-client.ts';
import type { Backoff } from './orders.ts';

const CUT_MS = 10;
const RETRY_MS = 500;
/** How long a server that said that it restarts is expected back at any moment. */
const RESTART_MICROS = 15_000_000;

interface Absence {
  /** When it was lost, or when it began to connect again. */
  since: number;
  readyAt: number | undefined;
  attempts: number;
  /** Whether the server had said that it restarts. */
  isRestart: boolean;
}

/** Clients that lose their connection and come back: cut by the generator itself, or by a server that goes away. */
export class Comeback {
  readonly #clients: readonly LoadClient[];
  readonly #events: LoadClientEvents;
  readonly #onRecovered: (micros: number) => void;
  readonly #absences = new Map<LoadClient, Absence>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #cutting: NodeJS.Timeout | undefined;

  /** @param onRecovered - told of each event a client had missed, or of each client that is whole: how long it took */
  constructor(clients: readonly LoadClient[], events: LoadClientEvents, onRecovered: (micros: number) => void) {
    this.#clients = clients;
    this.#events = events;
    this.#onRecovered = onRecovered;
  }

  /** Cuts every client about every `everyMs` with a TCP reset, and connects it again after `awayMs`. */
  jitter(everyMs: number, awayMs: number): void {
    const perTick = (this.#clients.length * CUT_MS) / everyMs;
    let due = 0;
    this.#events.ready = (client) => {
      const absence = this.#absences.get(client);
      if (absence !== undefined) absence.readyAt = monotonicMicros();
    };
    this.#events.lost = (client) => this.#later(RETRY_MS, () => client.connect());
    for (const client of this.#clients) {
      client.check.onStamp = (emittedAt) => {
        const absence = this.#absences.get(client);
        // Made while the client was away: the server had to keep it.
        if (absence?.readyAt === undefined || emittedAt > absence.since) return;
        this.#onRecovered(monotonicMicros() - absence.since);
      };
    }
    this.#cutting = setInterval(() => {
      for (due += perTick; due >= 1; due -= 1) this.#cutOne(awayMs);
    }, CUT_MS);
  }

  /** Lets every client come back to `port` by itself, and tells how long each was without a whole stream. */
  follow(backoff: Backoff, port: number): void {
    const whole = (client: LoadClient): void => {
      const absence = this.#absences.get(client);
      if (absence === undefined || !client.ready) return;
      if (client.headOffset !== undefined && (client.check.last ?? 0) < client.headOffset) return;
      this.#absences.delete(client);
      this.#onRecovered(monotonicMicros() - absence.since);
    };
    this.#events.ready = whole;
    this.#events.lost = (client) => {
      const absence = this.#absences.get(client) ?? newAbsence();
      this.#absences.set(client, absence);
      if (client.reconnectAfterMs !== undefined) absence.isRestart = true;
      this.#later(waitMs(backoff, absence, client.reconnectAfterMs), () => client.connect(port));
      client.reconnectAfterMs = undefined;
      absence.attempts += 1;
    };
    for (const client of this.#clients) client.check.onOffset = () => whole(client);
  }

  stopCutting(): void {
    clearInterval(this.#cutting);
  }

  stop(): void {
    this.stopCutting();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#events.ready = undefined;
    this.#events.lost = undefined;
  }

  #cutOne(awayMs: number): void {
    const client = this.#clients[Math.floor(Math.random() * this.#clients.length)];
    if (client?.ready !== true) return;
    client.cut();
    this.#later(awayMs, () => {
      this.#absences.set(client, newAbsence());
      client.connect();
    });
  }

  #later(ms: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, ms);
    this.#timers.add(timer);
  }
}

function newAbsence(): Absence {
  return { since: monotonicMicros(), readyAt: undefined, attempts: 0, isRestart: false };
}

function waitMs(backoff: Backoff, { attempts, since, isRestart }: Absence, told: number | undefined): number {
  if (told !== undefined) return told;
  const { kind, minMs, factor, restartMaxMs } = backoff;
  const isExpected = isRestart && monotonicMicros() - since < RESTART_MICROS;
  const maxMs = isExpected && restartMaxMs !== undefined ? restartMaxMs : backoff.maxMs;
  const bound = Math.min(maxMs, minMs * factor ** attempts);
  return kind === 'full jitter' ? bound * Math.random() : bound * (0.5 + Math.random());
}
