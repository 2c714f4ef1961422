export type { Authorization, ProposedUserMessage } from './connection/authorization.ts';
export type { InboundRates } from './stream/inbound-limit.ts';
export { setDefaultHub } from './default-hub.ts';
export { getWebSocketManager } from './get-web-socket-manager.ts';
export type { DrainOptions } from './hub/drain.ts';
export type { HubLimits, HubOptions, HubTuning, OutageOptions } from './hub/hub-options.ts';
export { createHub, Hub } from './hub/hub.ts';
export type {
  TypedEventInput,
  TypedFollowedItem,
  TypedHub,
  TypedHubOptions,
  TypedManager,
  TypedRun,
} from './hub/typed-hub.ts';
export type { UserMessage, UserMessageHandler } from './agent/user-message.ts';
export type { EventLog, RetentionPolicy } from './log/event-log.ts';
export { MemoryEventLog } from './log/memory-log.ts';
export {
  UnifiedWebSocketManager,
  type ApprovalAnswer,
  type ConfirmedReceipt,
  type ConfirmOptions,
  type EmitOptions,
  type LastRun,
} from './manager.ts';
export type { LoadLimits } from './modes/load-monitor.ts';
export type { ApprovalDecision, ApprovalRequest } from './agent/approval-desk.ts';
export type { OpenRunInfo } from './run/run-table.ts';
export type { CompleteOptions, Run, RunOptions, ToolOptions } from './agent/run.ts';
export type { Revocation } from './shared/revocation-list.ts';
export type { RevocationReceipt } from './shared/revocations.ts';
export type { EmitReceipt } from './stream/emit-receipt.ts';
export type { FollowedItem, FollowOptions } from './stream/follow.ts';
export type { HistoryOptions, HistoryPage, HistoryPlace } from './stream/history-page.ts';
export type { UserContext } from './user-context.ts';
export { isWebSocketError, WebSocketError } from '@ws/types';
