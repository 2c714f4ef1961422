// Not covered by semver: what the packages beside this one need, and the small parts of public types, which a program reaches through
// those (`HubOptions['limits']`). Names move in any version.
export type { AgentCall, AgentCallType } from './agent/agent-call.ts';
export type { AgentCalls } from './agent/agent-calls.ts';
export type { CallClaims, Claim, ClaimedCalls, ClaimOptions } from './agent/call-claims.ts';
export type { FailedCall } from './agent/call-record.ts';
export type { WaitingCall } from './agent/call-table.ts';
export type { CallOutcome, RemoteAgent } from './agent/remote-agent.ts';
export type { ProposedUserMessage } from './connection/authorization.ts';
export type { RequestFrame } from './connection/handle-request.ts';
export type { InboundRates } from './connection/inbound-limit.ts';
export type { UserRequests } from './connection/user-requests.ts';
export { offerDefaultHub, type DefaultHubOffer } from './default-hub.ts';
export type { HubLimits, HubTuning, OutageOptions } from './hub/hub-options.ts';
export type { TypedEventInput, TypedEvents, TypedFollowedItem, TypedHubOptions } from './hub/typed-hub.ts';
export type { ConfirmOptions } from './manager.ts';
export type { ApprovalRequest } from './run/approval-desk.ts';
export type { PendingApprovalInfo } from './run/run-table.ts';
export type { CompleteOptions } from './run/run.ts';
export type { EncodedHistoryPage, HistoryPlace } from './stream/history-page.ts';
