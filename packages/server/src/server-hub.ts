import { createHub, type Hub, type TimingSink } from '@ws/core';
import type { Logger } from 'pino';
import { isTracing } from './observe/spans.ts';
import { activeTraceparent } from './observe/trace-context.ts';
import { tracedHandler } from './observe/user-message-span.ts';
import type { ResolvedServerOptions } from './server-options.ts';

const CLOCK_STEP =
  'the wall clock was set or the machine was suspended: stored times (expiries, leases, ages) are checked again';

/** Makes the hub of a server: its faults are logged, it is timed, and traced where an SDK takes spans. */
export function createServerHub(
  { log, hub, onUserMessage, authorization }: ResolvedServerOptions,
  maxConnections: number,
  onTiming: TimingSink,
  logger: Logger,
): Hub {
  return createHub({
    ...hub,
    maxConnections,
    log,
    onTiming,
    onClockStep: ({ ms }) => logger.warn({ stepMs: ms }, CLOCK_STEP),
    onError: (error) => logger.error({ err: error }, 'background work failed'),
    ...(authorization === undefined ? {} : { authorization }),
    ...(isTracing() ? { traceparent: activeTraceparent } : {}),
    ...(onUserMessage === undefined ? {} : { onUserMessage: tracedHandler(onUserMessage) }),
  });
}
