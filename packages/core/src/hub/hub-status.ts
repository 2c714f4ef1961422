import type { WebSocketManagerMode } from '@ws/types';
import type { DurabilityProfile } from '../log/durability-profile.ts';
import type { HubCounters } from '../observe/metrics.ts';

/** What a hub holds at the moment, and what it has done. */
export interface HubStats extends HubCounters {
  /** Sockets, also those that have not said hello yet. */
  readonly connections: number;
  /** Sockets whose peers have not proved yet who they are. */
  readonly unauthenticated: number;
  /** Streams in memory. */
  readonly streams: number;
  /** Revocations that have effect in this process alone, because the log could not be written. */
  readonly unwrittenRevocations: number;
  /** Calls of all users that an agent elsewhere has yet to take. */
  readonly waitingCalls: number;
  /** Bytes of the write-ahead log of a log in a file; 0 for other logs. */
  readonly writeAheadBytes: number;
}

/** Whether a hub can do its work. */
export interface HubHealth {
  /** Whether new connections and events are taken. */
  readonly ready: boolean;
  readonly draining: boolean;
  readonly mode: WebSocketManagerMode;
  readonly log: {
    readonly name: string;
    readonly reachable: boolean;
    readonly durability: string;
    /** As far as the log says. */
    readonly profile?: DurabilityProfile;
  };
}
