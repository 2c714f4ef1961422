import type { HubLimits } from '@ws/core';
import { DEFAULT_MAX_BODY_BYTES, nearestName, WebSocketError } from '@ws/types';

const MIB = 1_048_576;

/** Limits: of addresses, of HTTP, of API keys, and those of the hub. */
export interface ServerLimits extends HubLimits, Partial<RequestLimits> {}

/** Limits that hold before the hub: of HTTP, of addresses, of API keys. */
export interface RequestLimits {
  /** Connections of one address. @default 1,000 for public addresses, and no limit for those of one's own network */
  readonly connectionsPerAddress: number | undefined;
  /** Events that one API key may publish per second, on average. @default 10_000 */
  readonly publishRate: number;
  /** Bytes of bodies that one API key may publish per second, on average. @default 10_485_760 */
  readonly publishBytes: number;
  /** Bytes of history that a user may have read per second, on average. @default 2_097_152 */
  readonly historyBytesPerUser: number;
  /** The same for one API key. @default 8_388_608 */
  readonly historyBytesPerKey: number;
  /** Pages of history that a user may have under way at a time; a key may have twice as many. @default 2 */
  readonly historyPages: number;
  /** Length of an HTTP body, in bytes. @default 1_048_576 */
  readonly bodyBytes: number;
  /** Time a request may take to arrive, in milliseconds; its headers have a third of it. @default 30_000 */
  readonly requestTimeoutMs: number;
}

const DEFAULTS: RequestLimits = {
  connectionsPerAddress: undefined,
  publishRate: 10_000,
  publishBytes: 10 * MIB,
  historyBytesPerUser: 2 * MIB,
  historyBytesPerKey: 8 * MIB,
  historyPages: 2,
  bodyBytes: DEFAULT_MAX_BODY_BYTES,
  requestTimeoutMs: 30_000,
};

const HUB_LIMITS: ReadonlySet<string> = new Set(
  Object.keys({
    connections: true,
    unauthenticated: true,
    connectionsPerUser: true,
    openRunsPerUser: true,
    messageBytes: true,
    jsonDepth: true,
    eventBytes: true,
    approvalArgsBytes: true,
    inboundRates: true,
    userInboundRates: true,
    load: true,
  } satisfies Record<keyof HubLimits, true>),
);

/** The limits of the hub among those of the server. It checks them itself. */
export function hubLimits(given: ServerLimits = {}): HubLimits {
  return Object.fromEntries(Object.entries(given).filter(([name]) => HUB_LIMITS.has(name)));
}

/** The others, with their defaults. Throws `INVALID_OPTION`, naming the limit that is none of either. */
export function requestLimits(given: ServerLimits = {}): RequestLimits {
  const own = Object.entries(given).filter(([name, value]) => value !== undefined && !HUB_LIMITS.has(name));
  for (const [name, value] of own) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      const meant = nearestName(name, [...Object.keys(DEFAULTS), ...HUB_LIMITS]);
      const hint = meant === undefined ? 'see ServerLimits for those there are' : `did you mean limits.${meant}?`;
      throw new WebSocketError('INVALID_OPTION', `there is no limit limits.${name}: ${hint}`);
    }
    if (Number.isSafeInteger(value) && value > 0) continue;
    const message = `server option limits.${name} must be a whole number of at least 1, got ${String(value)}`;
    throw new WebSocketError('INVALID_OPTION', message);
  }
  return { ...DEFAULTS, ...Object.fromEntries(own) };
}
