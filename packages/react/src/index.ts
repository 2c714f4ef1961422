'use client';

export { useApproval, type Approval } from './hooks/use-approval.ts';
export { useCancel, type Cancel } from './hooks/use-cancel.ts';
export { useClient } from './hooks/use-client.ts';
export { useConnection, type Connection } from './hooks/use-connection.ts';
export { useEvents } from './hooks/use-events.ts';
export { useLatestEvent, type WholeEventType } from './hooks/use-latest-event.ts';
export { useRetryIn } from './hooks/use-retry-in.ts';
export { useRun } from './hooks/use-run.ts';
export { useRuns, type RunFilter } from './hooks/use-runs.ts';
export { useSendMessage, type SendMessage } from './hooks/use-send-message.ts';
export { useThread } from './hooks/use-thread.ts';
export { WebSocketProvider, type WebSocketProviderProps } from './provider/web-socket-provider.tsx';
export type { ConnectionView } from './store/connection-view.ts';
export type { EventFilter, EventQuery } from './store/event-filter.ts';
export type { ThreadApproval, ThreadView } from './store/select-thread.ts';
export type { ThreadEntry, ThreadMessage, ThreadRun } from './store/thread-log.ts';
export { typedHooks, type TypedHooks, type TypedReceivedEvent } from './typed-hooks.ts';
