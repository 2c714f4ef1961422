import type { AgentCall, FailedCall, WaitingCall } from '@ws/core/internal';
import { parseStreamKey } from '@ws/core/log';

/** A call as agents in any language get it. */
export function toWireCall({ callId, type, userId, threadId, runId, timestamp, payload, attempt }: AgentCall): object {
  return {
    call_id: callId,
    type,
    user_id: userId,
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    run_id: runId,
    timestamp,
    payload,
    attempt,
  };
}

/** A call as administrators see it: never what a user said. */
export function toListedCall(call: WaitingCall | FailedCall): object {
  const { type, stream, threadId, runId, attempts } = call;
  const isFailed = 'failedAt' in call;
  return {
    call_id: isFailed ? call.callId : call.id,
    type,
    user_id: parseStreamKey(stream).userId,
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    run_id: runId,
    timestamp: isFailed ? call.timestamp : call.at,
    attempts,
    ...(isFailed ? { failed_at: call.failedAt, reason: call.reason } : {}),
  };
}
