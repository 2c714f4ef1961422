import type { HubOptions } from '@ws/core';
import type { EnvironmentReader } from './environment.ts';

/** Options of the hub that a variable sets. */
export type HubSettings = Pick<HubOptions, keyof typeof VARIABLES>;

interface Range {
  readonly variable: string;
  readonly min: number;
  readonly max?: number;
}

/** The variable of each option, and what it takes: a whole number. */
const VARIABLES = {
  heartbeatMs: { variable: 'WS_HEARTBEAT_MS', min: 1 },
  runLeaseMs: { variable: 'WS_RUN_LEASE_MS', min: 1 },
  publisherLeaseMs: { variable: 'WS_PUBLISHER_LEASE_MS', min: 1 },
  coalesceMs: { variable: 'WS_COALESCE_MS', min: 0, max: 100 },
  maxConnectionsPerUser: { variable: 'WS_MAX_CONNECTIONS_PER_USER', min: 1 },
} as const satisfies { readonly [Option in keyof HubOptions]?: Range };

/** Reads the options of the hub that are set. Throws `INVALID_OPTION`. */
export function readHubSettings(env: EnvironmentReader): HubSettings {
  const values = Object.entries<Range>(VARIABLES).flatMap(([option, { variable, min, max }]) => {
    const value = env.count(variable, min, max);
    return value === undefined ? [] : [[option, value] as const];
  });
  return Object.fromEntries(values);
}
