import fc from 'fast-check';
import type { EventInput } from '@ws/types';

const run = fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6');
const text = fc.constantFrom('a', 'bc', '"', '\\', 'é\n', 'long enough to fill a small budget soon');

const THREAD_OF: Record<string, string | undefined> = {
  r1: 't1',
  r2: 't2',
  r3: undefined,
  r4: 't3',
  r5: 't1',
  r6: 't2',
};

/** Events of a few runs and threads, in any order: some may come, some are refused. */
export const anyEvent: fc.Arbitrary<EventInput> = fc.oneof(
  { weight: 4, arbitrary: run.map((id): EventInput => started(id)) },
  { weight: 8, arbitrary: fc.tuple(run, text).map(([id, delta]): EventInput => delta_('agent_thinking', id, delta)) },
  {
    weight: 4,
    arbitrary: fc.tuple(run, text).map(([id, delta]): EventInput => delta_('agent_response_chunk', id, delta)),
  },
  { weight: 2, arbitrary: fc.tuple(run, fc.nat(2)).map(([id, call]): EventInput => toolStart(id, call)) },
  { weight: 2, arbitrary: fc.tuple(run, fc.nat(2)).map(([id, call]): EventInput => toolEnd(id, call)) },
  { weight: 1, arbitrary: run.map((id): EventInput => completed(id)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('t1', 't2', undefined), text).map(([thread, said]) => message(thread, said)),
  },
);

function envelope(id: string): { run_id: string; thread_id?: string } {
  const thread = THREAD_OF[id];
  return { run_id: id, ...(thread === undefined ? {} : { thread_id: thread }) };
}

function started(id: string): EventInput {
  return { type: 'agent_started', ...envelope(id), payload: { agent_name: `agent of ${id}` } };
}

function delta_(type: 'agent_thinking' | 'agent_response_chunk', id: string, delta: string): EventInput {
  return { type, ...envelope(id), payload: { delta } };
}

function toolStart(id: string, call: number): EventInput {
  const payload = { tool_call_id: `c${call}`, tool_name: 'search', args: { call } };
  return { type: 'tool_executing', ...envelope(id), payload };
}

function toolEnd(id: string, call: number): EventInput {
  const payload = { tool_call_id: `c${call}`, tool_name: 'search', success: true, result: call, duration_ms: 1 };
  return { type: 'tool_completed', ...envelope(id), payload };
}

function completed(id: string): EventInput {
  return { type: 'agent_completed', ...envelope(id), payload: { status: 'completed', duration_ms: 5 } };
}

function message(thread: string | undefined, said: string): EventInput {
  const payload = { message_id: 'm1', text: said };
  return { type: 'user_message', ...(thread === undefined ? {} : { thread_id: thread }), payload };
}
