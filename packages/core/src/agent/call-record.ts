import { WebSocketError, type EventId, type RunId, type ThreadId } from '@ws/types';
import type { IdSource } from '../random.ts';
import type { LogEvent, NewLogEvent } from '../log/event-log.ts';
import type { AgentCallType, NewCall } from './agent-call.ts';

/**
 * What happens to calls, as it stands in the log. The order of these records decides: of two processes that want to hold a call, the one
 * whose record comes first does. Times are milliseconds since 1970.
 */
export type CallRecord =
  /** A call, which comes before the event that it is about. With a holder it is held from the beginning. */
  | {
      readonly op: 'call';
      readonly call: NewCall;
      readonly holder?: string;
      readonly until?: number;
      readonly replaces?: string;
    }
  /** Somebody wants to hold calls until a time. `isWork`: an agent works on them, as long as it holds them. */
  | {
      readonly op: 'hold';
      readonly ids: readonly string[];
      readonly holder: string;
      readonly at: number;
      readonly until: number;
      readonly isWork?: boolean;
    }
  /** The holder goes on holding. */
  | {
      readonly op: 'keep';
      readonly ids: readonly string[];
      readonly holder: string;
      readonly until: number;
      readonly isWork?: boolean;
    }
  /** The holder gives calls back that it did not attempt. */
  | { readonly op: 'free'; readonly ids: readonly string[]; readonly holder: string }
  /** The agent has the calls, or none is needed any more. With a holder it counts only as long as that one holds. */
  | { readonly op: 'done'; readonly ids: readonly string[]; readonly holder?: string }
  /** The agent did not take the call: it is kept in a list, from which an operator may send it again. */
  | { readonly op: 'fail'; readonly id: string; readonly at: number; readonly reason: string };

/** A call that its agent did not take. Its content is in the user's stream. */
export interface FailedCall {
  readonly callId: string;
  readonly stream: NewCall['stream'];
  readonly type: AgentCallType;
  readonly eventId: EventId;
  readonly runId: RunId;
  readonly threadId?: ThreadId;
  /** When the user did it, in milliseconds since 1970. */
  readonly timestamp: number;
  readonly attempts: number;
  readonly failedAt: number;
  readonly reason: string;
}

/** A record as an event of the log. */
export function toLogEvent(record: CallRecord, ids: IdSource, now: number): NewLogEvent {
  const { op } = record;
  // What an id source gives is an id.
  return {
    eventId: ids.next() as EventId,
    type: `agent_call.${op}`,
    timestamp: now,
    data: JSON.stringify(record),
    fresh: true,
  };
}

/** A record as it was written; `undefined` for one of a later version. Throws `LOG_CORRUPT` for what is no JSON. */
export function fromLogEvent({ data }: Pick<LogEvent, 'data'>): CallRecord | undefined {
  const record = parse(data) as CallRecord;
  return OPS.has(record.op) ? record : undefined;
}

const OPS: ReadonlySet<string> = new Set<CallRecord['op']>(['call', 'hold', 'keep', 'free', 'done', 'fail']);

/** What takes the place of records that are trimmed: the calls that failed. The others are over. */
export function encodeCheckpoint(failed: readonly FailedCall[]): string {
  return JSON.stringify({ failed });
}

/** Throws `LOG_CORRUPT` for what {@link encodeCheckpoint} did not write. */
export function decodeCheckpoint(text: string): readonly FailedCall[] {
  const { failed } = parse(text) as { readonly failed?: unknown };
  if (!Array.isArray(failed)) throw damaged();
  return failed as readonly FailedCall[];
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw damaged();
}

function damaged(): WebSocketError {
  return new WebSocketError('LOG_CORRUPT', 'the stream of calls to agents holds something that is no call');
}
