// What a program needs that emits, follows and lets connections in. The other entries: `log` for those who write a log, `ws` for sockets,
// `observe` for those who run a service, `testing`, and `internal` for the packages beside this one.
export type { Authenticate, Authentication } from './connection/authentication.ts';
export type { Authorization } from './connection/authorization.ts';
export { setDefaultHub } from './default-hub.ts';
export { getWebSocketManager } from './get-web-socket-manager.ts';
export type { DrainOptions } from './hub/drain.ts';
export type { HubOptions } from './hub/hub-options.ts';
export type { HubHealth, HubStats } from './hub/hub-status.ts';
export { createHub, Hub } from './hub/hub.ts';
export type { TypedHub, TypedManager, TypedRun } from './hub/typed-hub.ts';
export type { UserMessage, UserMessageHandler } from './hub/user-message.ts';
export { MemoryEventLog } from './log/memory-log.ts';
export {
  UnifiedWebSocketManager,
  type ApprovalAnswer,
  type ConfirmedReceipt,
  type EmitOptions,
  type LastRun,
} from './manager.ts';
export type { ApprovalDecision } from './run/approval-desk.ts';
export type { OpenRunInfo } from './run/run-table.ts';
export type { Run, RunOptions, ToolOptions } from './run/run.ts';
export type { AnnouncedRevocation, Revocation } from './shared/revocation-list.ts';
export type { RevocationReceipt } from './shared/revocations.ts';
export type { EmitReceipt } from './stream/emit-receipt.ts';
export type { FollowedItem, FollowOptions } from './stream/follow.ts';
export type { HistoryOptions, HistoryPage } from './stream/history-page.ts';
export type { UserContext } from './user-context.ts';
export { isWebSocketError, WebSocketError } from '@ws/types';
