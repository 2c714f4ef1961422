import type { HubOptions, InboundRates } from '@ws/core';
import { DEFAULT_MAX_JSON_DEPTH, DEFAULT_MAX_MESSAGE_BYTES } from '@ws/types';
import type { EnvironmentReader } from './environment.ts';

/** Options of the hub that a variable sets. Those that hold outside of the hub as well have their defaults here. */
export type HubSettings = Pick<HubOptions, keyof typeof VARIABLES | 'inboundRates' | 'userInboundRates'> &
  Required<Pick<HubOptions, keyof typeof DEFAULTS>>;

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
  maxLagMs: { variable: 'WS_MAX_LAG_MS', min: 1 },
  helloTimeoutMs: { variable: 'WS_HELLO_TIMEOUT_MS', min: 1 },
  maxMessageBytes: { variable: 'WS_MAX_MESSAGE_BYTES', min: 1_024 },
  maxJsonDepth: { variable: 'WS_MAX_JSON_DEPTH', min: 8 },
  clockToleranceMs: { variable: 'WS_JWT_CLOCK_TOLERANCE_MS', min: 0, max: 300_000 },
  maxApprovalArgsBytes: { variable: 'WS_MAX_APPROVAL_ARGS_BYTES', min: 1_024, max: 1_048_576 },
  maxOpenRunsPerUser: { variable: 'WS_MAX_OPEN_RUNS_PER_USER', min: 1 },
  maxConnections: { variable: 'WS_MAX_CONNECTIONS', min: 1 },
  maxUnauthenticated: { variable: 'WS_MAX_UNAUTHENTICATED', min: 1 },
  maxConnectionsPerUser: { variable: 'WS_MAX_CONNECTIONS_PER_USER', min: 1 },
} as const satisfies { readonly [Option in keyof HubOptions]?: Range };

const DEFAULTS = {
  maxConnections: 50_000,
  maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
  maxJsonDepth: DEFAULT_MAX_JSON_DEPTH,
} as const satisfies HubOptions;

const RATES = {
  framesPerSecond: { variable: 'WS_MAX_FRAMES_PER_SECOND', min: 1 },
  bytesPerSecond: { variable: 'WS_MAX_BYTES_PER_SECOND', min: 1 },
} as const satisfies { readonly [Rate in keyof InboundRates]: Range };

const USER_RATES = {
  framesPerSecond: { variable: 'WS_MAX_FRAMES_PER_SECOND_PER_USER', min: 1 },
  bytesPerSecond: { variable: 'WS_MAX_BYTES_PER_SECOND_PER_USER', min: 1 },
} as const satisfies { readonly [Rate in keyof InboundRates]: Range };

/** Reads the options of the hub that are set. Throws `INVALID_OPTION`. */
export function readHubSettings(env: EnvironmentReader): HubSettings {
  return {
    ...DEFAULTS,
    ...readNumbers(env, VARIABLES),
    inboundRates: readNumbers(env, RATES),
    userInboundRates: readNumbers(env, USER_RATES),
  };
}

function readNumbers<Option extends string>(
  env: EnvironmentReader,
  variables: Readonly<Record<Option, Range>>,
): { readonly [Name in Option]?: number } {
  const values = Object.entries<Range>(variables).flatMap(([option, { variable, min, max }]) => {
    const value = env.count(variable, min, max);
    return value === undefined ? [] : [[option, value] as const];
  });
  // Its keys are those of `variables`.
  return Object.fromEntries(values) as { readonly [Name in Option]?: number };
}
