import { DEFAULT_MAX_BODY_BYTES, nearestName, WebSocketError } from '@ws/types';

const MIB = 1_048_576;

/** Limits that hold before the hub: of HTTP, of addresses, of API keys. */
export interface ServerLimits {
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

const DEFAULTS: ServerLimits = {
  connectionsPerAddress: undefined,
  publishRate: 10_000,
  publishBytes: 10 * MIB,
  historyBytesPerUser: 2 * MIB,
  historyBytesPerKey: 8 * MIB,
  historyPages: 2,
  bodyBytes: DEFAULT_MAX_BODY_BYTES,
  requestTimeoutMs: 30_000,
};

/** Fills in defaults. Throws `INVALID_OPTION`, naming the limit. */
export function resolveServerLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      const meant = nearestName(name, Object.keys(DEFAULTS));
      const hint = meant === undefined ? 'see ServerLimits for those there are' : `did you mean limits.${meant}?`;
      throw new WebSocketError('INVALID_OPTION', `there is no limit limits.${name}: ${hint}`);
    }
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    const message = `server option limits.${name} must be a whole number of at least 1, got ${value}`;
    throw new WebSocketError('INVALID_OPTION', message);
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...set };
}
