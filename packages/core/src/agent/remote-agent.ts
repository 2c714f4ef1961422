import { WebSocketError } from '@ws/types';
import { durationOption } from '../clock.ts';
import { systemRandom } from '../random.ts';
import type { AgentCall } from './agent-call.ts';

/** What became of one attempt to hand a call over. */
export type CallOutcome =
  /** The agent has it. */
  | { readonly kind: 'taken' }
  /** The agent could not be reached, or could not take it now. Tried again, not before `afterMs` milliseconds. */
  | { readonly kind: 'again'; readonly afterMs?: number }
  /** The agent will never take it. */
  | { readonly kind: 'refused' };

/** An agent that lives in another process. Its calls wait in the log until it has them. */
export interface RemoteAgent {
  /**
   * Hands a call over; a promise that rejects counts as `again`. The signal is aborted when the time of the attempt is over. Absent: the
   * agent fetches its calls (`hub.agentCalls`).
   */
  readonly deliver?: (call: AgentCall, signal: AbortSignal) => Promise<CallOutcome>;
  /** Called when a call is given up by this process, for a log. */
  readonly onGivenUp?: (
    call: { readonly callId: string; readonly type: string; readonly attempts: number },
    reason: string,
  ) => void;
  /** Time of one attempt, in milliseconds. @default 10_000 */
  readonly attemptMs?: number;
  /**
   * After how long without an agent that takes it a call is given up, in milliseconds. The run that was to answer ends as `interrupted`.
   * @default 900_000
   */
  readonly horizonMs?: number;
  /** Attempts under way at a time in this process. @default 64 */
  readonly concurrency?: number;
  /** Calls of all users that may wait; further messages are refused with `OVERLOADED`. @default 10_000 */
  readonly maxWaiting?: number;
  /** Spreads attempts in time: a number from 0 to below 1. @default Math.random */
  readonly random?: () => number;
}

export interface ResolvedRemoteAgent extends Required<Omit<RemoteAgent, 'deliver' | 'onGivenUp'>> {
  readonly deliver: RemoteAgent['deliver'];
  readonly onGivenUp: RemoteAgent['onGivenUp'];
}

/** Fills in defaults. Throws `INVALID_OPTION`, naming the option. */
export function resolveRemoteAgent(agent: RemoteAgent): ResolvedRemoteAgent {
  const { deliver, onGivenUp, random = systemRandom } = agent;
  return {
    deliver,
    onGivenUp,
    random,
    attemptMs: positive('agent.attemptMs', agent.attemptMs, 10_000),
    horizonMs: positive('agent.horizonMs', agent.horizonMs, 900_000),
    concurrency: positive('agent.concurrency', agent.concurrency, 64),
    maxWaiting: positive('agent.maxWaiting', agent.maxWaiting, 10_000),
  };
}

function positive(name: string, value: number | undefined, fallback: number): number {
  const checked = durationOption(name, value, fallback);
  if (checked > 0) return checked;
  throw new WebSocketError('INVALID_OPTION', `${name} must be a whole number of at least 1, got ${checked}`);
}
