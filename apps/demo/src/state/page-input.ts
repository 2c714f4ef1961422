import type { ClientState, ModeSignal, ReadySignal, StreamItem } from '@ws/client';

/** Everything that changes what the page's own store holds. `at` is when it happened here, in milliseconds since 1970. */
export type PageInput =
  /** An event, a reset or a snapshot, as the client hands it out. */
  | { readonly kind: 'item'; readonly item: StreamItem; readonly at: number }
  | { readonly kind: 'ready'; readonly ready: ReadySignal; readonly at: number }
  | { readonly kind: 'client_state'; readonly state: ClientState; readonly at: number }
  | { readonly kind: 'mode'; readonly mode: ModeSignal }
  /** What went by on the socket, before the client judged it. */
  | { readonly kind: 'wire'; readonly facts: readonly WireFact[] }
  /** The user cut the connection; the network is back at `until`. */
  | { readonly kind: 'cut'; readonly at: number; readonly until: number }
  | { readonly kind: 'cut_over' }
  | { readonly kind: 'round_trip'; readonly ms: number }
  | { readonly kind: 'problem'; readonly message: string };

/** What the page notes of a frame on the socket, to check the client's promise and to know what the client does not tell. */
export type WireFact =
  /** A connection starts after `offset`. */
  | { readonly kind: 'start'; readonly epoch: string; readonly offset: number }
  | { readonly kind: 'event'; readonly offset: number }
  | { readonly kind: 'draining'; readonly reconnectAfterMs: number };
