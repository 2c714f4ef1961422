export { checkApplicationPayload, type EventSchemas, type InferEvents } from './application-events.ts';
export { CLOSE_CODES, shouldReconnect, type CloseCodeInfo, type CloseReason } from './close-codes.ts';
export type {
  AckFrame,
  AuthFrame,
  CancelRunFrame,
  ClientFrame,
  HelloFrame,
  PingFrame,
  ReadApprovalFrame,
  SetThreadsFrame,
  ToolApprovalFrame,
  UserMessageFrame,
} from './client-frames.ts';
export type { ConnectionState, WebSocketConnection } from './connection.ts';
export { ERROR_CODES, type ErrorCode, type ErrorCodeInfo } from './error-codes.ts';
export { isWebSocketError, publicMessage, WebSocketError, type ErrorDetails } from './errors.ts';
export { judgeEventName, SIGNAL_NAMES, type EventNameVerdict, type SignalName } from './event-names.ts';
export { nearestName } from './near-miss.ts';
export { PAYLOAD_SCHEMAS, payloadSchema } from './event-schemas.ts';
export { CRITICAL_EVENTS, isCriticalEvent, isDeltaEvent } from './events.ts';
export type {
  AgentCompletedPayload,
  AgentStartedPayload,
  ApplicationEvents,
  CriticalEventType,
  DeltaPayload,
  EventInput,
  EventMap,
  EventType,
  NumberedEvent,
  ProtocolEvents,
  ReceivedEvent,
  RunStatus,
  StreamEvent,
  ToolApprovalRequestedPayload,
  ToolApprovalResolvedPayload,
  ToolCompletedPayload,
  ToolExecutingPayload,
  UserMessagePayload,
  VolatileEvent,
  VolatileStreamEvent,
} from './events.ts';
export { CLIENT_FRAME_SCHEMAS, CONTROL_FRAME_SCHEMAS } from './frame-schemas.ts';
export {
  isId,
  isUserId,
  MAX_ID_LENGTH,
  toConnectionId,
  toEventId,
  toMessageId,
  toRunId,
  toThreadId,
  toToolCallId,
  toUserId,
  type ConnectionId,
  type EventId,
  type MessageId,
  type RunId,
  type ThreadId,
  type ToolCallId,
  type UserId,
} from './ids.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { exceedsJsonDepth } from './json-depth.ts';
export { isTraceparent } from './traceparent.ts';
export { WebSocketManagerMode } from './mode.ts';
export { parseClientFrame, refOfRefused } from './parse-client-frame.ts';
export { parseEventInput, type CheckedEventInput } from './parse-event-input.ts';
export type { ParseResult } from './parse-result.ts';
export { parseServerFrame, parseServerMessage } from './parse-server-message.ts';
export type { Epoch, Offset, StartFrom, StreamPosition } from './position.ts';
export {
  AUTH_EXPIRING_LEAD_MS,
  DEFAULT_HEARTBEAT_MS,
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_MAX_JSON_DEPTH,
  DEFAULT_MAX_MESSAGE_BYTES,
  HELLO_TIMEOUT_MS,
  SUBPROTOCOL,
  TICKET_TTL_MS,
  TOKEN_SUBPROTOCOL_PREFIX,
} from './protocol.ts';
export { foldRunEvent, type FoldableEvent } from './run-fold.ts';
export type { OpenRun, PendingApproval, RunOmissions, RunState, ToolCallState } from './run-state.ts';
export type {
  AcceptedFrame,
  AuthExpiringFrame,
  AuthOkFrame,
  CaughtUpFrame,
  ConnectionReadyFrame,
  ControlFrame,
  ControlFrameType,
  ErrorFrame,
  FramePartFrame,
  LaggingFrame,
  ModeChangedFrame,
  PongFrame,
  Recovery,
  RunSnapshotFrame,
  ServerDrainingFrame,
  ServerFrame,
  WireFrame,
} from './server-frames.ts';
