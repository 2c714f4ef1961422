import type { EmissionPlan } from './emission.ts';

/** What a target is told over its control port, one JSON line each. */
export type Command =
  | { readonly do: 'prepare'; readonly users: number }
  | { readonly do: 'emit'; readonly plan: EmissionPlan }
  | { readonly do: 'stop' }
  | { readonly do: 'burst'; readonly user: number; readonly events: number; readonly deltaChars: number }
  /** One event for each user. */
  | { readonly do: 'round'; readonly users: number }
  | { readonly do: 'usage'; readonly collect: boolean }
  | { readonly do: 'close' };

export interface Request {
  readonly id: number;
  readonly command: Command;
}

/** From the load generator, without an answer. */
export interface Received {
  readonly received: number;
}

export interface Answer {
  readonly id: number;
  readonly usage: Usage;
  readonly error?: string;
}

/** What a target has used and done so far. */
export interface Usage {
  /** Microseconds of CPU, user and system, since the process began. */
  readonly cpuMicros: number;
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly emitted: number;
  readonly refused: number;
}

/** The one line a target prints when it listens. */
export interface Listening {
  readonly port: number;
  readonly control: number;
}
