import { expect, it } from 'vitest';
import {
  CLIENT_FRAME_SCHEMAS,
  CLOSE_CODES,
  CONTROL_FRAME_SCHEMAS,
  CRITICAL_EVENTS,
  ERROR_CODES,
  PAYLOAD_SCHEMAS,
  SUBPROTOCOL,
  TOKEN_SUBPROTOCOL_PREFIX,
  WebSocketManagerMode,
} from '../src/index.ts';

// What others rely on, as literals. A red pin means: a deliberate change. Change the pin, add a changeset, say it in the
// migration guide. Names and numbers are never reused for another meaning.

it('pins the subprotocol', () => {
  expect([SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX]).toEqual(['agent-events.v1', 'jwt.']);
});

it('pins the modes', () => {
  expect(WebSocketManagerMode).toEqual({
    UNIFIED: 'unified',
    ISOLATED: 'isolated',
    DEGRADED: 'degraded',
    EMERGENCY: 'emergency',
  });
});

it('pins the event types', () => {
  expect(Object.keys(PAYLOAD_SCHEMAS)).toEqual([
    'agent_started',
    'agent_thinking',
    'tool_executing',
    'tool_completed',
    'agent_completed',
    'agent_response_chunk',
    'tool_approval_requested',
    'tool_approval_resolved',
    'user_message',
  ]);
  expect(CRITICAL_EVENTS).toEqual([
    'agent_started',
    'agent_thinking',
    'tool_executing',
    'tool_completed',
    'agent_completed',
  ]);
});

it('pins the frames', () => {
  expect(Object.keys(CLIENT_FRAME_SCHEMAS)).toEqual([
    'hello',
    'user_message',
    'cancel_run',
    'tool_approval',
    'read_approval',
    'set_threads',
    'ack',
    'auth',
    'ping',
  ]);
  expect(Object.keys(CONTROL_FRAME_SCHEMAS)).toEqual([
    'connection_ready',
    'mode_changed',
    'auth_expiring',
    'auth_ok',
    'server_draining',
    'run_snapshot',
    'lagging',
    'caught_up',
    'accepted',
    'error',
    'pong',
    'frame_part',
  ]);
});

it('pins the close codes', () => {
  expect(Object.entries(CLOSE_CODES).map(([name, { code }]) => `${code} ${name}`)).toEqual([
    '1000 NORMAL',
    '1001 GOING_AWAY',
    '1009 MESSAGE_TOO_BIG',
    '1012 RESTARTING',
    '1013 OVERLOADED',
    '4001 CREDENTIAL_EXPIRED',
    '4008 TIMEOUT',
    '4029 RATE_LIMITED',
    '4500 PROTOCOL_ERROR',
    '4501 UNAUTHORIZED',
    '4503 NOT_ALLOWED',
    '4509 REPLACED',
  ]);
});

it('pins the error codes with their status, and whether a retry helps', () => {
  expect(
    Object.entries(ERROR_CODES).map(([code, { status, retry }]) => `${code} ${status}${retry ? ' retry' : ''}`),
  ).toEqual([
    'BAD_JSON 400',
    'UNKNOWN_FRAME 400',
    'INVALID_FRAME 400',
    'BINARY_FRAME 400',
    'HELLO_EXPECTED 400',
    'HELLO_TIMEOUT 408 retry',
    'HEARTBEAT_TIMEOUT 408 retry',
    'MESSAGE_TOO_BIG 413',
    'BAD_REQUEST 400',
    'SUBPROTOCOL_REQUIRED 400',
    'NOT_FOUND 404',
    'CREDENTIAL_MISSING 401',
    'CREDENTIAL_INVALID 401',
    'CREDENTIAL_EXPIRED 401 retry',
    'CREDENTIAL_REVOKED 401',
    'AUTH_UNAVAILABLE 503 retry',
    'ORIGIN_NOT_ALLOWED 403',
    'FORBIDDEN 403',
    'USER_CHANGED 409',
    'THREAD_NOT_ALLOWED 403',
    'USER_CONTEXT_REQUIRED 400',
    'INVALID_USER_ID 400',
    'INVALID_ID 400',
    'ISOLATION_VIOLATION 403',
    'INVALID_EVENT 422',
    'UNKNOWN_EVENT_TYPE 422',
    'RESERVED_EVENT_TYPE 422',
    'ID_CONFLICT 409',
    'EVENT_TOO_BIG 413',
    'RUN_NOT_OPEN 409',
    'RUN_ALREADY_STARTED 409',
    'RUN_ALREADY_COMPLETED 409',
    'RUN_THREAD_MISMATCH 409',
    'TOOL_CALL_ALREADY_EXECUTING 409',
    'TOOL_CALL_NOT_EXECUTING 409',
    'TOOL_CALLS_OPEN 409',
    'APPROVAL_ALREADY_PENDING 409',
    'APPROVAL_NOT_PENDING 409',
    'APPROVAL_ARGS_OMITTED 409 retry',
    'RUN_CANCELLED 409',
    'RUN_LIMIT 429 retry',
    'NO_AGENT 404',
    'RATE_LIMITED 429 retry',
    'TOO_MANY_CONNECTIONS 429 retry',
    'CONNECTION_REPLACED 409',
    'DRAINING 503 retry',
    'OVERLOADED 503 retry',
    'LAGGING_TOO_LONG 503 retry',
    'LOG_UNAVAILABLE 503 retry',
    'LOG_FULL 503 retry',
    'LOG_CORRUPT 503',
    'LOG_CLOSED 503',
    'SPILL_FULL 503 retry',
    'EMIT_TIMEOUT 503 retry',
    'HUB_CLOSED 503',
    'INVALID_OPTION 500',
    'UNSUPPORTED_NODE 500',
    'INTERNAL 500 retry',
    'CALLBACK_FAILED 500',
    'CLIENT_CLOSED 499',
    'REQUEST_TIMEOUT 408 retry',
    'PROTOCOL_VIOLATION 502',
  ]);
});
