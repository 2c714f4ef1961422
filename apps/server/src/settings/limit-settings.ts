import { DEFAULT_MAX_BODY_BYTES } from '@ws/types';
import type { EnvironmentReader } from './environment.ts';

/** Limits that hold before the hub: of HTTP, of addresses, of API keys. */
export interface LimitSettings {
  /** Connections of one address. Absent: 1,000 for public addresses, and no limit for those of one's own network. */
  readonly connectionsPerAddress: number | undefined;
  /** Events that one API key may publish per second, on average. */
  readonly publishRate: number;
  /** Length of an HTTP body, in bytes. */
  readonly bodyBytes: number;
  /** Time a request may take to arrive, in milliseconds; its headers have a third of it. */
  readonly requestTimeoutMs: number;
}

/** Reads the limits. Throws `INVALID_OPTION`. */
export function readLimitSettings(env: EnvironmentReader): LimitSettings {
  return {
    connectionsPerAddress: env.count('WS_MAX_CONNECTIONS_PER_ADDRESS'),
    publishRate: env.count('WS_MAX_PUBLISH_PER_SECOND') ?? 10_000,
    bodyBytes: env.count('WS_MAX_BODY_BYTES', 1_024) ?? DEFAULT_MAX_BODY_BYTES,
    requestTimeoutMs: env.count('WS_REQUEST_TIMEOUT_MS', 100, 3_600_000) ?? 30_000,
  };
}
