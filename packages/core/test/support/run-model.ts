import fc from 'fast-check';
import type { EventInput } from '@ws/types';

/**
 * The order of runs, once more and as simply as can be: replays the whole history of a run for every question. Answers the code
 * of the refusal, or `undefined`.
 */
export function refusalByModel(accepted: readonly EventInput[], next: EventInput): string | undefined {
  const past = accepted.filter(({ run_id }) => run_id === next.run_id);
  const end = past.find(({ type }) => type === 'agent_completed');
  const start = past.find(({ type }) => type === 'agent_started');
  if (next.type === 'agent_started') {
    if (end !== undefined) return 'RUN_ALREADY_COMPLETED';
    return start === undefined ? undefined : 'RUN_ALREADY_STARTED';
  }
  if (end !== undefined && end.type === 'agent_completed') {
    return end.payload.status === 'cancelled' ? 'RUN_CANCELLED' : 'RUN_ALREADY_COMPLETED';
  }
  if (start === undefined) return 'RUN_NOT_OPEN';
  if (next.thread_id !== undefined && next.thread_id !== start.thread_id) return 'RUN_THREAD_MISMATCH';
  return refusalOfCall(past, next);
}

function refusalOfCall(past: readonly EventInput[], next: EventInput): string | undefined {
  const called = ids(past, 'tool_executing');
  const answered = ids(past, 'tool_completed');
  switch (next.type) {
    case 'tool_executing':
      return called.includes(next.payload.tool_call_id) ? 'TOOL_CALL_ALREADY_EXECUTING' : undefined;
    case 'tool_completed': {
      const id = next.payload.tool_call_id;
      return called.includes(id) && !answered.includes(id) ? undefined : 'TOOL_CALL_NOT_EXECUTING';
    }
    case 'tool_approval_requested':
      return waits(past, next.payload.tool_call_id) ? 'APPROVAL_ALREADY_PENDING' : undefined;
    case 'tool_approval_resolved':
      return waits(past, next.payload.tool_call_id) ? undefined : 'APPROVAL_NOT_PENDING';
    case 'agent_completed':
      return called.every((id) => answered.includes(id)) ? undefined : 'TOOL_CALLS_OPEN';
    default:
      return undefined;
  }
}

function ids(past: readonly EventInput[], type: 'tool_executing' | 'tool_completed'): string[] {
  return past.flatMap((event) => (event.type === type ? [event.payload.tool_call_id] : []));
}

/** The last event about a call's approval is its request: nothing answered it, and the call did not go on without. */
function waits(past: readonly EventInput[], id: string): boolean {
  const about = past.filter(({ payload }) => 'tool_call_id' in payload && payload.tool_call_id === id);
  return about.at(-1)?.type === 'tool_approval_requested';
}

const run_id = fc.constantFrom('r1', 'r2');
const tool_call_id = fc.constantFrom('c1', 'c2');
const tool_name = fc.constant('search');
const thread_id = fc.constantFrom(undefined, undefined, 't1', 't2');
const status = fc.constantFrom('completed', 'failed', 'cancelled', 'interrupted');
const duration_ms = fc.nat(9);
const text = fc.constantFrom('a', 'b');

const payloads: [number, fc.Arbitrary<EventInput>][] = [
  [3, bare('agent_started', fc.record({ agent_name: text }))],
  [3, bare('agent_thinking', fc.record({ delta: text }))],
  [2, bare('agent_response_chunk', fc.record({ delta: text }))],
  [4, bare('tool_executing', fc.record({ tool_call_id, tool_name, args: fc.nat(3) }))],
  [4, bare('tool_completed', fc.record({ tool_call_id, tool_name, success: fc.boolean(), duration_ms }))],
  [2, bare('tool_approval_requested', fc.record({ tool_call_id, tool_name, args: fc.nat(3), expires_at: fc.nat(9) }))],
  [2, bare('tool_approval_resolved', fc.record({ tool_call_id, approved: fc.boolean() }))],
  [1, bare('agent_completed', fc.record({ status, duration_ms }))],
];

/** Any event of one of two runs, right or wrong at its place. */
export const anyRunEvent: fc.Arbitrary<EventInput> = fc
  .tuple(fc.oneof(...payloads.map(([weight, arbitrary]) => ({ weight, arbitrary }))), run_id, thread_id)
  .map(([event, run, thread]): EventInput => ({
    ...event,
    run_id: run,
    ...(thread === undefined ? {} : { thread_id: thread }),
  }));

function bare(type: string, payload: fc.Arbitrary<object>): fc.Arbitrary<EventInput> {
  return payload.map((it) => ({ type, payload: it }) as EventInput);
}
