// What the other packages of this repository share with core. Not covered by semantic versioning: a patch may change it.
export type { AgentCall, AgentCallType, NewCall } from './agent/agent-call.ts';
export type { AgentCalls } from './agent/agent-calls.ts';
export type { CallClaims, Claim, ClaimedCalls, ClaimOptions } from './agent/call-claims.ts';
export type { FailedCall } from './agent/call-record.ts';
export type { CallQueue } from './agent/call-parts.ts';
export type { WaitingCall } from './agent/call-table.ts';
export type { CallOutcome, RemoteAgent } from './agent/remote-agent.ts';
export type { Authenticate, Authentication } from './authentication.ts';
export type { ConnectionSocket } from './connection/connection-socket.ts';
export { Frame, FrameGroup, type MessageForm } from './stream/frame.ts';
export type { RequestFrame } from './connection/handle-request.ts';
export type { UserRequests } from './connection/user-requests.ts';
export type { AcceptOptions, Session } from './connection/session.ts';
export { offerDefaultHub, type DefaultHubOffer } from './default-hub.ts';
export type { AttachOptions } from './manager.ts';
export type { EncodedHistoryPage } from './stream/history-page.ts';
