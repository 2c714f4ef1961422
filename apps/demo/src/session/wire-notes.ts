import type { WireFact } from '../state/page-input.ts';

/** What a message of the server says to one who only counts: not checked, the client does that. */
export interface WireNotes {
  readonly facts: readonly WireFact[];
  /** Ids of the pings that it answers. */
  readonly pongs: readonly string[];
}

type Frame = { readonly [field: string]: unknown } | null;

export function readWireNotes(data: unknown): WireNotes {
  const frames = parse(data);
  return {
    facts: frames.flatMap(factOf),
    pongs: frames.flatMap((frame) =>
      frame?.['type'] === 'pong' && typeof frame['id'] === 'string' ? [frame['id']] : [],
    ),
  };
}

function parse(data: unknown): readonly Frame[] {
  if (typeof data !== 'string') return [];
  try {
    const message = JSON.parse(data) as Frame | readonly Frame[];
    return Array.isArray(message) ? (message as readonly Frame[]) : [message as Frame];
  } catch {
    return [];
  }
}

function factOf(frame: Frame): readonly WireFact[] {
  if (typeof frame !== 'object' || frame === null) return [];
  const { type, event_id, offset, epoch, reconnect_after_ms: reconnectAfterMs } = frame;
  if (typeof event_id === 'string') return typeof offset === 'number' ? [{ kind: 'event', offset }] : [];
  if (type === 'connection_ready' && typeof epoch === 'string' && typeof offset === 'number') {
    return [{ kind: 'start', epoch, offset }];
  }
  if (type === 'server_draining' && typeof reconnectAfterMs === 'number')
    return [{ kind: 'draining', reconnectAfterMs }];
  return [];
}

/** Measures how long the server takes to answer a ping. */
export class RoundTrip {
  readonly #send: (text: string) => void;
  readonly #measured: (ms: number) => void;
  #count = 0;
  #sentAt: number | null = null;

  constructor(send: (text: string) => void, measured: (ms: number) => void) {
    this.#send = send;
    this.#measured = measured;
  }

  ping(): void {
    this.#count += 1;
    this.#sentAt = performance.now();
    this.#send(JSON.stringify({ type: 'ping', id: this.#id }));
  }

  pong(id: string): void {
    if (id !== this.#id || this.#sentAt === null) return;
    this.#measured(performance.now() - this.#sentAt);
    this.#sentAt = null;
  }

  get #id(): string {
    return `round-trip-${this.#count}`;
  }
}
