import { streamKey, type NewLogEvent, type StreamKey } from '@ws/core/log';
import { toEventId, toRunId, toThreadId, toUserId } from '@ws/types';

/** Stream of a user, for cases that need one or several. */
export function sampleStream(name = 'alice'): StreamKey {
  return streamKey(toUserId(name));
}

/** An event with the given id; whatever else does not matter to the case. */
export function sampleEvent(id: string, overrides: Partial<NewLogEvent> = {}): NewLogEvent {
  return {
    eventId: toEventId(id),
    type: 'agent_thinking',
    threadId: toThreadId('thread-1'),
    runId: toRunId('run-1'),
    timestamp: 1_700_000_000_000,
    data: JSON.stringify({ type: 'agent_thinking', event_id: id, payload: { delta: id } }),
    ...overrides,
  };
}

/** Events `prefix-1` to `prefix-count`. */
export function sampleEvents(count: number, prefix = 'event'): NewLogEvent[] {
  return Array.from({ length: count }, (_, index) => sampleEvent(`${prefix}-${index + 1}`));
}
