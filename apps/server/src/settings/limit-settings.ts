import type { ServerLimits } from '@ws/server';
import { resolveServerLimits } from '@ws/server/process';
import type { EnvironmentReader } from './environment.ts';

/** The variable of each limit that holds before the hub, and what it takes: a whole number. */
const VARIABLES = {
  connectionsPerAddress: ['WS_MAX_CONNECTIONS_PER_ADDRESS'],
  publishRate: ['WS_MAX_PUBLISH_PER_SECOND'],
  publishBytes: ['WS_MAX_PUBLISH_BYTES_PER_SECOND', 65_536],
  historyBytesPerUser: ['WS_MAX_HISTORY_BYTES_PER_SECOND_PER_USER', 65_536],
  historyBytesPerKey: ['WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY', 65_536],
  historyPages: ['WS_MAX_HISTORY_PAGES_PER_USER'],
  bodyBytes: ['WS_MAX_BODY_BYTES', 1_024],
  requestTimeoutMs: ['WS_REQUEST_TIMEOUT_MS', 100, 3_600_000],
} as const satisfies Readonly<Record<keyof ServerLimits, readonly [name: string, min?: number, max?: number]>>;

/** Reads the limits, with the defaults of the server. Throws `INVALID_OPTION`. */
export function readLimitSettings(env: EnvironmentReader): ServerLimits {
  const set = Object.entries(VARIABLES).flatMap(([limit, [name, min, max]]) => {
    const value = env.count(name, min, max);
    return value === undefined ? [] : [[limit, value] as const];
  });
  return resolveServerLimits(Object.fromEntries(set));
}
