import {
  createHub,
  type Authorization,
  type EventLog,
  type Hub,
  type TimingSink,
  type UserMessageHandler,
} from '@ws/core';
import type { Logger } from 'pino';
import { isTracing } from './observe/spans.ts';
import { activeTraceparent } from './observe/trace-context.ts';
import { tracedHandler } from './observe/user-message-span.ts';
import type { HubSettings } from './settings/index.ts';

export interface ServiceHubParts {
  readonly settings: HubSettings;
  readonly log: EventLog;
  readonly onUserMessage: UserMessageHandler | undefined;
  readonly authorization: Authorization | undefined;
  readonly onTiming: TimingSink;
  readonly logger: Logger;
}

/** Makes the hub of the service: its faults are logged, it is timed, and traced where an SDK takes spans. */
export function createServiceHub({
  settings,
  log,
  onUserMessage,
  authorization,
  onTiming,
  logger,
}: ServiceHubParts): Hub {
  return createHub({
    ...settings,
    log,
    onTiming,
    onError: (error) => logger.error({ err: error }, 'background work failed'),
    ...(authorization === undefined ? {} : { authorization }),
    ...(isTracing() ? { traceparent: activeTraceparent } : {}),
    ...(onUserMessage === undefined ? {} : { onUserMessage: tracedHandler(onUserMessage) }),
  });
}
