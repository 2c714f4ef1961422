import type { RemoteAgent } from '@ws/core/internal';
import type { Logger } from 'pino';

/** An agent that lives in another process: see {@link webhook} and {@link inbox}. */
export interface AgentElsewhere {
  /** Called once, when the server is made. */
  open(logger: Logger): RemoteAgent;
}

/** What holds for calls, whichever way the agent gets them. */
export interface InboxOptions {
  /**
   * After how long without an agent that takes it a call is given up, in milliseconds. The run that was to answer then ends as
   * `interrupted`. @default 900_000
   */
  readonly horizonMs?: number;
  /** Calls of all users that may wait for the agent; further messages are refused with `OVERLOADED`. @default 10_000 */
  readonly maxWaiting?: number;
}

/**
 * For an agent that cannot be called: it fetches what users say with `POST /v1/inbox/claim`, and its key has the scope `inbox`.
 *
 * @throws `INVALID_OPTION` when the server is made, for a number that is none
 * @example
 * ```ts
 * await createServer({ log, authenticate, apiKeys, agent: inbox() });
 * ```
 */
export function inbox({ horizonMs, maxWaiting }: InboxOptions = {}): AgentElsewhere {
  return { open: (logger) => ({ ...limitsOf({ horizonMs, maxWaiting }), onGivenUp: logGivenUp(logger, {}) }) };
}

/** Those of the limits that were given. */
export function limitsOf(limits: {
  readonly [Name in keyof InboxOptions]-?: InboxOptions[Name] | undefined;
}): InboxOptions {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Writes to the log which calls were given up, and where the agent was expected. Never what a user said. */
export function logGivenUp(logger: Logger, where: { readonly url?: string }): NonNullable<RemoteAgent['onGivenUp']> {
  return (call, reason) => logger.error({ ...call, ...where, reason }, 'a call to the agent was given up');
}
