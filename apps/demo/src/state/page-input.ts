import type { ClientState, ModeSignal, StreamItem } from '@ws/client';
import type { ConnectionReadyFrame, OpenRun } from '@ws/types';
import type { OutboxInput } from './outbox-message.ts';
import type { WireFact } from './wire-fact.ts';

/** Everything that changes what the page shows. `at` is when it happened here, in milliseconds since 1970. */
export type PageInput =
  /** An event, a reset or a snapshot, as the client hands it out. */
  | { readonly kind: 'item'; readonly item: StreamItem; readonly at: number }
  | { readonly kind: 'ready'; readonly ready: ConnectionReadyFrame; readonly at: number }
  /** Arguments of approvals that were left out of `ready` are here. */
  | { readonly kind: 'approvals_read'; readonly openRuns: readonly OpenRun[] }
  | { readonly kind: 'client_state'; readonly state: ClientState; readonly at: number }
  | { readonly kind: 'mode'; readonly mode: ModeSignal }
  /** What went by on the socket, before the client judged it. */
  | { readonly kind: 'wire'; readonly facts: readonly WireFact[] }
  /** The user cut the connection; the network is back at `until`. */
  | { readonly kind: 'cut'; readonly at: number; readonly until: number }
  | { readonly kind: 'cut_over' }
  | { readonly kind: 'round_trip'; readonly ms: number }
  | { readonly kind: 'problem'; readonly message: string }
  | OutboxInput;
