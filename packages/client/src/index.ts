export type {
  ApprovalAnswer,
  Client,
  ClientHandlers,
  EventHandler,
  OutgoingMessage,
  RequestOptions,
  SentMessage,
  SetThreadsOptions,
  Unsubscribe,
  WaitOptions,
  TypedClient,
  TypedEventType,
  TypedStreamEvent,
  TypedStreamItem,
} from './client.ts';
export type { BackoffOptions, ClientOptions, TokenRequest, TokenSource } from './client-options.ts';
export type { ClientSignals, ModeSignal, ReadySignal } from './client-signals.ts';
export type { ClientState, ClosedReason } from './client-state.ts';
export type { Clock, Timer } from './clock.ts';
export { createClient } from './create-client.ts';
export { webStoragePositionStore, type PositionStore, type StoredPosition } from './position-store.ts';
export type { Random } from './random.ts';
export { applyToRun } from './runs/apply-to-run.ts';
export { foldRuns, seedRuns } from './runs/fold-runs.ts';
export { createRunStore, type RunStore, type RunStoreOptions } from './runs/run-store.ts';
export type { FoldedRun, RunMap, RunView } from './runs/run-view.ts';
export type { SocketLike, WebSocketConstructor } from './socket.ts';
export type { EventContext, StreamItem } from './stream-item.ts';
export type { Transport } from './transport.ts';
