export { inbox, type AgentElsewhere, type InboxOptions } from './agent/agent-elsewhere.ts';
export { webhook, type WebhookOptions } from './agent/webhook.ts';
export type {
  AuthenticateRequest,
  Authenticator,
  CredentialRequest,
  TokenAuthenticator,
} from './auth/authenticator.ts';
export { jwt, type JwtOptions } from './auth/jwt.ts';
export type { TokenRules } from './auth/token-verifier.ts';
export { createServer } from './create-server.ts';
export type { AttachOptions } from './http/attach.ts';
export type { FetchOptions } from './http/fetch.ts';
export type { Fallback } from './http/open-app.ts';
export type { TlsFiles } from './http/tls-certificate.ts';
export type { ServerLimits } from './limits/server-limits.ts';
export type { GatherMetrics, MetricsSnapshot } from './observe/metrics-snapshot.ts';
export type { ApiKeyOptions, DevelopmentOptions, ServerOptions, TypedServerOptions } from './server-options.ts';
export type { AttachWebSocketOptions, CloseOptions, ListenOptions, Server, TypedServer } from './server.ts';
export type { OpenWebSocket } from './websocket/web-endpoint.ts';
export { isWebSocketError, WebSocketError } from '@ws/types';
