/** What a close code means and what a client does next. */
export interface CloseCodeInfo {
  readonly code: number;
  readonly meaning: string;
  /** Whether a client connects again, with resume and full-jitter backoff. */
  readonly reconnect: boolean;
}

/**
 * Close codes of the protocol, by name. The range carries the rule, so that an unknown code is safe: 4000 to 4499 reconnect,
 * 4500 to 4999 do not.
 */
export const CLOSE_CODES = {
  NORMAL: { code: 1000, meaning: 'normal closure', reconnect: false },
  GOING_AWAY: { code: 1001, meaning: 'server going away', reconnect: true },
  MESSAGE_TOO_BIG: { code: 1009, meaning: 'message too big', reconnect: false },
  RESTARTING: { code: 1012, meaning: 'server restarting', reconnect: true },
  OVERLOADED: { code: 1013, meaning: 'overloaded or too far behind, try again later', reconnect: true },
  CREDENTIAL_EXPIRED: { code: 4001, meaning: 'credential expired: connect with a new one', reconnect: true },
  TIMEOUT: { code: 4008, meaning: 'hello or heartbeat timeout', reconnect: true },
  RATE_LIMITED: { code: 4029, meaning: 'rate limited: connect again, slower', reconnect: true },
  PROTOCOL_ERROR: {
    code: 4500,
    meaning: 'protocol error: bad JSON, unknown frame, binary frame or no hello first',
    reconnect: false,
  },
  UNAUTHORIZED: { code: 4501, meaning: 'credential missing or wrong', reconnect: false },
  NOT_ALLOWED: { code: 4503, meaning: 'not allowed: origin, thread or user', reconnect: false },
  REPLACED: { code: 4509, meaning: 'replaced: over the connection limit the oldest goes', reconnect: false },
} as const satisfies Record<string, CloseCodeInfo>;

/** Name of a close code: a key of {@link CLOSE_CODES}. */
export type CloseReason = keyof typeof CLOSE_CODES;

const RECONNECT_BY_CODE: ReadonlyMap<number, boolean> = new Map(
  Object.values(CLOSE_CODES).map(({ code, reconnect }) => [code, reconnect]),
);

/**
 * Tells whether a client connects again after a close with this code. Codes not in the table follow their range; codes
 * below 4000 that are unknown (1005, 1006: the network went away) reconnect.
 */
export function shouldReconnect(code: number): boolean {
  return RECONNECT_BY_CODE.get(code) ?? code < 4500;
}
