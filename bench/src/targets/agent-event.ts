/** The event that every server of a comparison sends: about 295 bytes as JSON. */
export interface AgentEvent {
  readonly offset: number;
  readonly type: string;
  readonly event_id: string;
  readonly thread_id: string;
  readonly run_id: string;
  readonly timestamp: number;
  readonly payload: { readonly delta: string };
}

let made = 0;

/** Makes an event as a server written by hand would: numbered per user, with an id of its own. */
export function agentEvent(user: number, offset: number, delta: string): AgentEvent {
  made += 1;
  return {
    offset,
    type: 'agent_thinking',
    event_id: `Zk3vR9qXw1Lm${made.toString(36).padStart(7, '0')}`,
    thread_id: threadOf(user),
    run_id: runOf(user),
    timestamp: Date.now(),
    payload: { delta },
  };
}

export function threadOf(user: number): string {
  return `thread-${user}`;
}

export function runOf(user: number): string {
  return `run-${user}`;
}

export function userOf(user: number): string {
  return `user-${user}`;
}

/** Counts events per user. */
export class Offsets {
  readonly #first: number;
  readonly #last: number[] = [];

  constructor(first: number) {
    this.#first = first;
  }

  next(user: number): number {
    const offset = (this.#last[user] ?? this.#first) + 1;
    this.#last[user] = offset;
    return offset;
  }
}

/** A user's connections in a server written by hand. */
export class Connections<Socket> {
  readonly #byUser: (Set<Socket> | undefined)[] = [];

  add(user: number, socket: Socket): void {
    (this.#byUser[user] ??= new Set()).add(socket);
  }

  delete(user: number, socket: Socket): void {
    const sockets = this.#byUser[user];
    if (sockets?.delete(socket) === true && sockets.size === 0) this.#byUser[user] = undefined;
  }

  of(user: number): Iterable<Socket> {
    return this.#byUser[user] ?? [];
  }

  *all(): Iterable<Socket> {
    for (const sockets of this.#byUser) if (sockets !== undefined) yield* sockets;
  }
}

/** The user a connection names in its address: `/?user=7`. */
export function userOfUrl(url: string | undefined): number {
  return Number(/[?&]user=(\d+)/.exec(url ?? '')?.[1] ?? 0);
}
