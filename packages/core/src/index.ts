export type { AgentCall, AgentCallType } from './agent/agent-call.ts';
export type { AgentCalls } from './agent/agent-calls.ts';
export type { CallClaims, Claim, ClaimedCalls, ClaimOptions } from './agent/call-claims.ts';
export type { FailedCall } from './agent/call-record.ts';
export type { WaitingCall } from './agent/call-table.ts';
export type { CallOutcome, RemoteAgent } from './agent/remote-agent.ts';
export { systemClock, type Clock, type Timer } from './clock.ts';
export type { ClockStep } from './clock-watch.ts';
export type { Authenticate, Authentication } from './connection/authentication.ts';
export type { Authorization, ProposedUserMessage } from './connection/authorization.ts';
export type { ConnectionSocket } from './connection/connection-socket.ts';
export { Frame, FrameGroup } from './connection/frame.ts';
export type { RequestFrame } from './connection/handle-request.ts';
export type { UserRequests } from './connection/user-requests.ts';
export type { InboundRates } from './connection/inbound-limit.ts';
export type { AcceptOptions, Session } from './connection/session.ts';
export { offerDefaultHub, setDefaultHub, type DefaultHubOffer } from './default-hub.ts';
export { getWebSocketManager } from './get-web-socket-manager.ts';
export type { DrainOptions } from './hub/drain.ts';
export type { HubLimits, HubOptions, HubTuning, OutageOptions } from './hub/hub-options.ts';
export type { HubHealth, HubStats } from './hub/hub-status.ts';
export { createHub, Hub } from './hub/hub.ts';
export type {
  TypedEventInput,
  TypedEvents,
  TypedFollowedItem,
  TypedHub,
  TypedHubOptions,
  TypedManager,
  TypedRun,
} from './hub/typed-hub.ts';
export type { UserMessage, UserMessageHandler } from './hub/user-message.ts';
export type { DurabilityProfile, Mishap, Survival } from './log/durability-profile.ts';
export type {
  AppendedEvent,
  AppendResult,
  EventLog,
  LogEvent,
  LogListener,
  LogPage,
  MaybePromise,
  NewLogEvent,
  RetentionPolicy,
  RunLease,
  RunLeases,
  StreamHead,
} from './log/event-log.ts';
export { MemoryEventLog } from './log/memory-log.ts';
export {
  UnifiedWebSocketManager,
  type ApprovalAnswer,
  type AttachOptions,
  type ConfirmedReceipt,
  type ConfirmOptions,
  type EmitOptions,
  type LastRun,
} from './manager.ts';
export type { LoadLimits } from './modes/load-monitor.ts';
export type { ModeListener } from './modes/modes.ts';
export type { DiagnosticMessages } from './observe/channels.ts';
export type {
  ConnectionSnapshot,
  HubSnapshot,
  HubTotals,
  InspectOptions,
  OpenRunSnapshot,
  StreamSnapshot,
} from './observe/hub-snapshot.ts';
export type { HubCounters, TimingName, TimingSink } from './observe/metrics.ts';
export { systemIds, type IdSource } from './random.ts';
export type { ApprovalDecision, ApprovalRequest } from './run/approval-desk.ts';
export type { OpenRunInfo, PendingApprovalInfo } from './run/run-table.ts';
export type { CompleteOptions, Run, RunOptions, ToolOptions } from './run/run.ts';
export type { AnnouncedRevocation, Revocation } from './shared/revocation-list.ts';
export type { RevocationReceipt } from './shared/revocations.ts';
export type {
  ConnectionTable,
  ReplacedListener,
  SharedState,
  TableConnection,
  TicketStore,
} from './shared/shared-state.ts';
export type { EmitReceipt } from './stream/emit-receipt.ts';
export type { FollowedItem, FollowOptions } from './stream/follow.ts';
export type { EncodedHistoryPage, HistoryOptions, HistoryPage, HistoryPlace } from './stream/history-page.ts';
export { parseStreamKey, streamKey, type StreamKey } from './stream-key.ts';
export type { UserContext } from './user-context.ts';
export { isWebSocketError, WebSocketError } from '@ws/types';
