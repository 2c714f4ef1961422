/** What an error code means and whether trying again helps. */
export interface ErrorCodeInfo {
  /** One sentence for the developer who meets the code. */
  readonly meaning: string;
  /** Whether the same request may succeed later without a change. */
  readonly retry: boolean;
  /** HTTP status that answers a request which failed for this reason. */
  readonly status: number;
}

/**
 * Every error code, for frames, HTTP answers and thrown errors alike. Codes are permanent: one is never reused for another
 * meaning. A red pin test means: deliberate change, add a changeset.
 */
export const ERROR_CODES = {
  // The door: frames and requests that are not well formed
  BAD_JSON: { meaning: 'The frame or body is not valid JSON.', retry: false, status: 400 },
  UNKNOWN_FRAME: { meaning: 'The frame has no type or one the protocol does not know.', retry: false, status: 400 },
  INVALID_FRAME: { meaning: 'A field of the frame is missing or has a wrong shape.', retry: false, status: 400 },
  BINARY_FRAME: { meaning: 'Binary frames are not part of agent-events.v1.', retry: false, status: 400 },
  HELLO_EXPECTED: { meaning: 'The first frame has to be hello, and only the first.', retry: false, status: 400 },
  HELLO_TIMEOUT: { meaning: 'No hello arrived within ten seconds.', retry: true, status: 408 },
  HEARTBEAT_TIMEOUT: { meaning: 'The peer was silent for two heartbeat intervals.', retry: true, status: 408 },
  MESSAGE_TOO_BIG: { meaning: 'A frame or body is larger than the limit.', retry: false, status: 413 },
  BAD_REQUEST: { meaning: 'The request is malformed.', retry: false, status: 400 },
  SUBPROTOCOL_REQUIRED: {
    meaning: 'The upgrade did not offer the subprotocol agent-events.v1.',
    retry: false,
    status: 400,
  },
  NOT_FOUND: { meaning: 'There is nothing at this address.', retry: false, status: 404 },

  // Who is asking
  CREDENTIAL_MISSING: { meaning: 'No token, ticket or key was given.', retry: false, status: 401 },
  CREDENTIAL_INVALID: {
    meaning: 'The token, ticket or key is wrong or was already used.',
    retry: false,
    status: 401,
  },
  CREDENTIAL_EXPIRED: {
    meaning: 'The token expired, or is not clearly newer than a revocation: get a fresh one.',
    retry: true,
    status: 401,
  },
  CREDENTIAL_REVOKED: { meaning: 'The token or ticket was revoked: sign in again.', retry: false, status: 401 },
  AUTH_UNAVAILABLE: {
    meaning: 'Credentials cannot be checked at the moment: their issuer does not answer.',
    retry: true,
    status: 503,
  },
  ORIGIN_NOT_ALLOWED: { meaning: 'Pages of this origin may not connect.', retry: false, status: 403 },
  FORBIDDEN: { meaning: 'The credential does not allow this.', retry: false, status: 403 },
  USER_CHANGED: {
    meaning: 'Another user has signed in: requests of the earlier user are not sent.',
    retry: false,
    status: 409,
  },
  THREAD_NOT_ALLOWED: { meaning: 'The credential does not allow this thread.', retry: false, status: 403 },
  USER_CONTEXT_REQUIRED: {
    meaning: 'A manager belongs to one user: pass a user context.',
    retry: false,
    status: 400,
  },
  INVALID_USER_ID: { meaning: 'The user id is missing, empty, too long or ill-formed.', retry: false, status: 400 },
  INVALID_ID: { meaning: 'An id is missing, empty, too long or ill-formed.', retry: false, status: 400 },
  ISOLATION_VIOLATION: {
    meaning: 'The call would cross from one user (or isolated thread) to another.',
    retry: false,
    status: 403,
  },

  // Events and runs
  INVALID_EVENT: { meaning: 'A field of the event is missing or has a wrong shape.', retry: false, status: 422 },
  UNKNOWN_EVENT_TYPE: {
    meaning: 'The type is close to a known one but not equal: near misses are refused, never guessed.',
    retry: false,
    status: 422,
  },
  RESERVED_EVENT_TYPE: { meaning: 'The type is the name of a control frame.', retry: false, status: 422 },
  ID_CONFLICT: {
    meaning: 'The id was used before for an event or a message with other content.',
    retry: false,
    status: 409,
  },
  EVENT_TOO_BIG: { meaning: 'The encoded event is larger than the limit.', retry: false, status: 413 },
  RUN_NOT_OPEN: { meaning: 'The run was never started here.', retry: false, status: 409 },
  RUN_ALREADY_STARTED: { meaning: 'The run was started before.', retry: false, status: 409 },
  RUN_ALREADY_COMPLETED: { meaning: 'The run has ended: nothing follows agent_completed.', retry: false, status: 409 },
  RUN_THREAD_MISMATCH: { meaning: 'The run belongs to another thread.', retry: false, status: 409 },
  TOOL_CALL_ALREADY_EXECUTING: { meaning: 'The tool call id was used before in this run.', retry: false, status: 409 },
  TOOL_CALL_NOT_EXECUTING: { meaning: 'No tool call with this id is executing.', retry: false, status: 409 },
  TOOL_CALLS_OPEN: {
    meaning: 'The run has tool calls without tool_completed: answer them before agent_completed.',
    retry: false,
    status: 409,
  },
  APPROVAL_ALREADY_PENDING: { meaning: 'An approval with this id is waiting already.', retry: false, status: 409 },
  APPROVAL_NOT_PENDING: { meaning: 'No approval with this id is waiting.', retry: false, status: 409 },
  APPROVAL_ARGS_OMITTED: {
    meaning: 'The arguments of the approval are still being read: approve when they are shown.',
    retry: true,
    status: 409,
  },
  RUN_CANCELLED: { meaning: 'The run was cancelled by its user.', retry: false, status: 409 },
  RUN_LIMIT: {
    meaning: 'The user has too many open runs, or the run too many open tool calls or approvals.',
    retry: true,
    status: 429,
  },
  NO_AGENT: { meaning: 'No agent on this server answers user messages.', retry: false, status: 404 },

  // Load and life cycle
  RATE_LIMITED: { meaning: 'Too many requests: slow down.', retry: true, status: 429 },
  TOO_MANY_CONNECTIONS: { meaning: 'The connection limit is reached.', retry: true, status: 429 },
  CONNECTION_REPLACED: {
    meaning: 'The user opened more connections than allowed; the oldest was closed.',
    retry: false,
    status: 409,
  },
  DRAINING: { meaning: 'The server is going away: connect again, another takes over.', retry: true, status: 503 },
  OVERLOADED: { meaning: 'The server sheds load (mode emergency): try later.', retry: true, status: 503 },
  LAGGING_TOO_LONG: { meaning: 'The connection stayed behind for too long: resume.', retry: true, status: 503 },
  LOG_UNAVAILABLE: { meaning: 'The event log cannot be reached.', retry: true, status: 503 },
  LOG_FULL: { meaning: 'The event log has no room left (disk full).', retry: true, status: 503 },
  LOG_CORRUPT: { meaning: 'The event log file is damaged or not a log of this project.', retry: false, status: 503 },
  LOG_CLOSED: { meaning: 'The event log was closed.', retry: false, status: 503 },
  SPILL_FULL: { meaning: 'The log is away and the waiting room for events is full.', retry: true, status: 503 },
  EMIT_TIMEOUT: { meaning: 'The event did not reach the log before its deadline.', retry: true, status: 503 },
  HUB_CLOSED: { meaning: 'The hub was closed.', retry: false, status: 503 },
  INVALID_OPTION: { meaning: 'A setting or option has a wrong value.', retry: false, status: 500 },
  UNSUPPORTED_NODE: {
    meaning: 'This version of Node lacks what the package needs; the message says which one has it.',
    retry: false,
    status: 500,
  },
  INTERNAL: { meaning: 'A fault of the server; it was logged.', retry: true, status: 500 },

  // Raised by clients, never sent
  CALLBACK_FAILED: {
    meaning:
      'A function that the application passed to the client threw, rejected or gave no answer in time; see cause.',
    retry: false,
    status: 500,
  },
  CLIENT_CLOSED: { meaning: 'The client was closed.', retry: false, status: 499 },
  REQUEST_TIMEOUT: { meaning: 'No answer came in time.', retry: true, status: 408 },
  PROTOCOL_VIOLATION: { meaning: 'The server sent something the protocol does not allow.', retry: false, status: 502 },
} as const satisfies Record<string, ErrorCodeInfo>;

/** A stable error code: a key of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
