import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { DiagnosticMessages } from '@ws/core/observe';
import type { Logger } from 'pino';

type Name = keyof DiagnosticMessages;

/** Writes a line about what happens in the hubs of this process. Returns a function that ends it. */
export function logDiagnostics(logger: Logger): () => void {
  const stops = [
    listen('agent-events:mode', ({ mode, reason }) =>
      logger[mode === 'unified' ? 'info' : 'warn']({ mode, reason }, 'the mode changed'),
    ),
    listen('agent-events:run-interrupted', ({ userId, runId }) =>
      logger.warn({ userId, runId }, 'a run was interrupted: its lease lapsed'),
    ),
    listen('agent-events:lagging', ({ userId, connectionId }) =>
      logger.info({ userId, connectionId }, 'a connection lags: its peer reads slower than events come'),
    ),
    ...(logger.isLevelEnabled('debug')
      ? [
          listen('agent-events:connection-open', ({ userId, connectionId }) =>
            logger.debug({ userId, connectionId }, 'a connection is open'),
          ),
          listen('agent-events:connection-close', ({ userId, connectionId }) =>
            logger.debug({ userId, connectionId }, 'a connection is closed'),
          ),
        ]
      : []),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function listen<Channel extends Name>(name: Channel, take: (message: DiagnosticMessages[Channel]) => void): () => void {
  // Published under this name by the core alone.
  const listener = (message: unknown): void => take(message as DiagnosticMessages[Channel]);
  subscribe(name, listener);
  return () => {
    unsubscribe(name, listener);
  };
}
