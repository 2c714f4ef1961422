import { createHash } from 'node:crypto';
import type { EventId, JsonObject, RunId, ThreadId, UserId } from '@ws/types';
import type { NewLogEvent } from '../log/event-log.ts';
import { CANCELLED_BY_USER } from '../run/closing-events.ts';
import { reservedBy } from '../run/reserved-ids.ts';
import { payloadOf } from '../run/run-event.ts';
import { toRunEvent } from '../stream/event-codec.ts';
import type { StreamKey } from '../stream-key.ts';

/** What an agent elsewhere is called for: the frames of users that concern agents. */
export type AgentCallType = 'user_message' | 'cancel_run' | 'tool_approval';

/** A call to an agent that lives in another process: something its user did. */
export interface AgentCall {
  /** The same for each attempt: an agent that has seen it takes it once. */
  readonly callId: string;
  readonly type: AgentCallType;
  readonly userId: UserId;
  readonly threadId?: ThreadId;
  /** `user_message`: the run that is to answer. Otherwise the run that the user cancelled, or whose tool call is decided. */
  readonly runId: RunId;
  /** When the user did it, in milliseconds since 1970. */
  readonly timestamp: number;
  /** `user_message`: `message_id`, `text`. `tool_approval`: `tool_call_id`, `approved`, `reason`. `cancel_run`: empty. */
  readonly payload: JsonObject;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** A call before it is in the queue. */
export interface NewCall {
  readonly id: string;
  readonly stream: StreamKey;
  readonly type: AgentCallType;
  /** The event of the user's stream that the call is about: it is delivered when the stream has that event. */
  readonly eventId: EventId;
  readonly runId: RunId;
  readonly threadId: ThreadId | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly payload: JsonObject;
}

/** The call that an event of a user's stream stands for; `undefined` for the many that stand for none. */
export function callOf(stream: StreamKey, event: NewLogEvent): NewCall | undefined {
  const { eventId, threadId, timestamp } = event;
  const call = (type: AgentCallType, runId: RunId, payload: JsonObject): NewCall => ({
    id: callId(stream, eventId),
    ...{ stream, type, eventId, runId, threadId, at: timestamp, payload },
  });
  switch (event.type) {
    case 'user_message': {
      const runId = reservedBy(event);
      return runId === undefined ? undefined : call('user_message', runId, toRunEvent(event).payload);
    }
    case 'tool_approval_resolved': {
      if (event.runId === undefined) return undefined;
      return call('tool_approval', event.runId, toRunEvent(event).payload);
    }
    case 'agent_completed': {
      if (event.runId === undefined) return undefined;
      const { status, error } = payloadOf(toRunEvent(event), 'agent_completed');
      const isCancelled = status === 'cancelled' && error === CANCELLED_BY_USER;
      return isCancelled ? call('cancel_run', event.runId, {}) : undefined;
    }
    default:
      return undefined;
  }
}

/** Event ids are unique in their stream only, and clients choose those of messages. */
function callId(stream: StreamKey, eventId: EventId): string {
  return `call_${createHash('sha256').update(`${stream}\n${eventId}`).digest('base64url').slice(0, 32)}`;
}
