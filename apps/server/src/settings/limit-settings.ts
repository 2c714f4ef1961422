import { DEFAULT_MAX_BODY_BYTES } from '@ws/types';
import type { EnvironmentReader } from './environment.ts';

const MIB = 1_048_576;

/** Limits that hold before the hub: of HTTP, of addresses, of API keys. */
export interface LimitSettings {
  /** Connections of one address. Absent: 1,000 for public addresses, and no limit for those of one's own network. */
  readonly connectionsPerAddress: number | undefined;
  /** Events that one API key may publish per second, on average. */
  readonly publishRate: number;
  /** Bytes of bodies that one API key may publish per second, on average. */
  readonly publishBytes: number;
  /** Bytes of history that a user may have read per second, on average. */
  readonly historyBytesPerUser: number;
  /** The same for one API key. */
  readonly historyBytesPerKey: number;
  /** Pages of history that a user may have under way at a time; a key may have twice as many. */
  readonly historyPages: number;
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
    publishBytes: env.count('WS_MAX_PUBLISH_BYTES_PER_SECOND', 65_536) ?? 10 * MIB,
    historyBytesPerUser: env.count('WS_MAX_HISTORY_BYTES_PER_SECOND_PER_USER', 65_536) ?? 2 * MIB,
    historyBytesPerKey: env.count('WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY', 65_536) ?? 8 * MIB,
    historyPages: env.count('WS_MAX_HISTORY_PAGES_PER_USER') ?? 2,
    bodyBytes: env.count('WS_MAX_BODY_BYTES', 1_024) ?? DEFAULT_MAX_BODY_BYTES,
    requestTimeoutMs: env.count('WS_REQUEST_TIMEOUT_MS', 100, 3_600_000) ?? 30_000,
  };
}
