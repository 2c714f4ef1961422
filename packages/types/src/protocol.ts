/** The WebSocket subprotocol this project speaks. */
export const SUBPROTOCOL = 'agent-events.v1';

/** Prefix of the further subprotocol entry that carries a token: what a browser can send on an upgrade. */
export const TOKEN_SUBPROTOCOL_PREFIX = 'jwt.';

/** Time a client has to send `hello`, in milliseconds. */
export const HELLO_TIMEOUT_MS = 10_000;

/** Default interval between WebSocket pings, in milliseconds. */
export const DEFAULT_HEARTBEAT_MS = 25_000;

/** Default limit of one client message, in bytes. */
export const DEFAULT_MAX_MESSAGE_BYTES = 65_536;

/** How long before a credential expires the client is told, in milliseconds. */
export const AUTH_EXPIRING_LEAD_MS = 60_000;

/** Default limit of an HTTP body, in bytes. */
export const DEFAULT_MAX_BODY_BYTES = 1_048_576;

/** Life of a single-use ticket, in milliseconds. */
export const TICKET_TTL_MS = 30_000;

/** Default limit of the depth of a frame or body: levels of arrays and objects. */
export const DEFAULT_MAX_JSON_DEPTH = 128;
