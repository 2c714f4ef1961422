import { channel } from 'node:diagnostics_channel';
import type { ConnectionId, RunId, UserId, WebSocketManagerMode } from '@ws/types';
import type { LogEvent } from '../log/event-log.ts';

/** What is published on the diagnostics channels of a hub, by channel name. */
export interface DiagnosticMessages {
  /** Events were written to a log. */
  'agent-events:append': { readonly userId: UserId; readonly events: number; readonly durationMs: number };
  /** Events were written to the sockets of connections that follow the stream. */
  'agent-events:delivery': {
    readonly userId: UserId;
    /** How many connections follow. */
    readonly connections: number;
    readonly events: readonly LogEvent[];
  };
  /** A connection was answered with `connection_ready`. */
  'agent-events:connection-open': { readonly userId: UserId; readonly connectionId: ConnectionId };
  /** A connection ended, from either side. */
  'agent-events:connection-close': { readonly userId: UserId; readonly connectionId: ConnectionId };
  /** A connection used up its outbound budget. */
  'agent-events:lagging': { readonly userId: UserId; readonly connectionId: ConnectionId };
  /** A run was ended because its lease lapsed. */
  'agent-events:run-interrupted': { readonly userId: UserId; readonly runId: RunId };
  /** The wall clock was set by so many milliseconds, or the machine suspended. */
  'agent-events:clock-step': { readonly ms: number };
  /** The mode changed. */
  'agent-events:mode': { readonly mode: WebSocketManagerMode; readonly reason: string };
}

const CHANNELS = {
  'agent-events:append': channel('agent-events:append'),
  'agent-events:delivery': channel('agent-events:delivery'),
  'agent-events:connection-open': channel('agent-events:connection-open'),
  'agent-events:connection-close': channel('agent-events:connection-close'),
  'agent-events:lagging': channel('agent-events:lagging'),
  'agent-events:run-interrupted': channel('agent-events:run-interrupted'),
  'agent-events:clock-step': channel('agent-events:clock-step'),
  'agent-events:mode': channel('agent-events:mode'),
} as const satisfies { [Name in keyof DiagnosticMessages]: unknown };

/**
 * The names of the diagnostics channels of a hub.
 *
 * @example
 * ```ts
 * for (const name of DIAGNOSTIC_CHANNELS) subscribe(name, (message) => console.log(name, message));
 * ```
 */
export const DIAGNOSTIC_CHANNELS: readonly (keyof DiagnosticMessages)[] = Object.freeze(
  // The keys of the table are the names.
  Object.keys(CHANNELS) as (keyof DiagnosticMessages)[],
);

/** Whether anybody listens: for what has to be gathered before it can be told. */
export function isWatched(name: keyof DiagnosticMessages): boolean {
  return CHANNELS[name].hasSubscribers;
}

/**
 * Publishes on a `node:diagnostics_channel`, for tracers and test probes. Costs one check when nobody listens: `make` is not
 * called then.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
export function diagnose<Name extends keyof DiagnosticMessages>(
  name: Name,
  make: () => DiagnosticMessages[Name],
): void {
  const target = CHANNELS[name];
  if (target.hasSubscribers) target.publish(make());
}
