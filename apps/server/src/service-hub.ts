import {
  createHub,
  type AnnouncedRevocation,
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
  readonly onUnwrittenRevocation: ((revocation: AnnouncedRevocation) => void) | undefined;
  readonly logger: Logger;
}

const CLOCK_STEP =
  'the wall clock was set or the machine was suspended: times that were written down (expiries, leases, ages) are looked at again';

/** Makes the hub of the service: its faults are logged, it is timed, and traced where an SDK takes spans. */
export function createServiceHub({
  settings,
  log,
  onUserMessage,
  authorization,
  onTiming,
  onUnwrittenRevocation,
  logger,
}: ServiceHubParts): Hub {
  return createHub({
    ...settings,
    log,
    onTiming,
    onClockStep: ({ ms }) => logger.warn({ stepMs: ms }, CLOCK_STEP),
    onError: (error) => logger.error({ err: error }, 'background work failed'),
    ...(authorization === undefined ? {} : { authorization }),
    ...(onUnwrittenRevocation === undefined ? {} : { onUnwrittenRevocation }),
    ...(isTracing() ? { traceparent: activeTraceparent } : {}),
    ...(onUserMessage === undefined ? {} : { onUserMessage: tracedHandler(onUserMessage) }),
  });
}
