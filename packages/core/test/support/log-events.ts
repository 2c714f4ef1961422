import fc from 'fast-check';
import { toEventId, toRunId, toThreadId, type JsonObject } from '@ws/types';
import type { LogEvent } from '../../src/log.ts';
import { encodeEvent } from '../../src/stream/event-codec.ts';

export interface EventShape {
  readonly type: string;
  readonly payload?: JsonObject;
  readonly runId?: string | undefined;
  readonly threadId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** An event as a log holds it, encoded the way the core does. */
export function logEvent(offset: number, { type, payload = {}, runId, threadId, traceparent }: EventShape): LogEvent {
  const input = {
    type,
    payload,
    ...(runId === undefined ? {} : { run_id: runId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  const stamp = {
    eventId: toEventId(`e${offset}`),
    threadId: threadId === undefined ? undefined : toThreadId(threadId),
    timestamp: 1_790_000_000_000 + offset,
  };
  const encoded = encodeEvent(input, JSON.stringify(payload), stamp, 1_000_000);
  return { ...encoded, ...(runId === undefined ? {} : { runId: toRunId(runId) }), offset };
}

export function delta(offset: number, text: string, runId = 'r1', type = 'agent_thinking'): LogEvent {
  return logEvent(offset, { type, runId, payload: { delta: text } });
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('"', '\\', '"}}', '\u2028', '😀', '\ud83d', '\ude00'),
);

/** Any event that a stream may hold, without regard to run order. */
export const anyShape: fc.Arbitrary<EventShape> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('agent_thinking', 'agent_response_chunk'),
      runId: fc.constantFrom('r1', 'r2', 'r"3\\'),
      threadId: fc.constantFrom(undefined, 't1', 't2'),
      payload: fc.oneof(
        { weight: 5, arbitrary: text.map((said): JsonObject => ({ delta: said })) },
        { weight: 1, arbitrary: text.map((said): JsonObject => ({ delta: said, more: said })) },
        { weight: 1, arbitrary: text.map((said): JsonObject => ({ more: { payload: { delta: said } }, delta: said })) },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('note', 'invoice_ready'),
      threadId: fc.constantFrom(undefined, 't1', 't2'),
      payload: text.map((said): JsonObject => ({ text: said })),
    }),
  },
);
