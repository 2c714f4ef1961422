import type { Clock } from '../clock.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { EventLog } from '../log/event-log.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import type { HubCounters } from '../observe/metrics.ts';
import type { IdSource } from '../random.ts';
import type { CallLog } from './call-log.ts';
import type { CallTable, WaitingCall } from './call-table.ts';
import type { CalledRuns } from './called-runs.ts';
import type { ResolvedRemoteAgent } from './remote-agent.ts';

export interface AgentCallsOptions {
  readonly agent: ResolvedRemoteAgent;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly wheel: TimerWheel;
  readonly breaker: LogCircuitBreaker;
  readonly runs: CalledRuns;
  readonly counters: HubCounters;
  readonly emitDeadlineMs: number;
  readonly onError: (error: unknown) => void;
}

/** What handing calls out needs to know of each. */
export interface CallQueue {
  /** Whether this process knows that the event of a call is in its stream, without asking the log. */
  knowsEvent(callId: string): boolean;
  /** Whether it is. If it is not there after a while it never will be, and the call is dropped. Rejects with the log's errors. */
  isConfirmed(call: WaitingCall): Promise<boolean>;
  /** Whether nobody has worked on a call for too long. */
  isOver(call: WaitingCall): boolean;
  /** The agent does not take a call that this process holds. Rejects with the log's errors. */
  giveUp(call: WaitingCall, reason: string): Promise<void>;
}

/** What those who hand calls out work on. */
export interface CallParts extends AgentCallsOptions {
  readonly table: CallTable;
  readonly calls: CallLog;
  readonly queue: CallQueue;
  /** This process, as a holder. */
  readonly self: string;
}

/** For how long a call is held beyond the time of an attempt, in milliseconds: what the records of it may take. */
const HOLD_SLACK_MS = 5_000;

/** For how long a call is held for an attempt that begins now, in milliseconds. */
export function attemptHoldMs({ attemptMs }: Pick<ResolvedRemoteAgent, 'attemptMs'>): number {
  return attemptMs + HOLD_SLACK_MS;
}

/** Why a run ends whose agent did not take its call. */
export const NO_ANSWER = 'the agent did not answer';
