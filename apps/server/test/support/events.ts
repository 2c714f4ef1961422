/** Events as a publisher writes them into the body of a request. */

export interface PublishedEvent {
  readonly type: string;
  readonly run_id?: string;
  readonly thread_id?: string;
  readonly event_id?: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export const started = (run_id: string, thread_id?: string): PublishedEvent => ({
  type: 'agent_started',
  run_id,
  ...(thread_id === undefined ? {} : { thread_id }),
  payload: { agent_name: 'analyst' },
});

export const thinking = (run_id: string, delta: string): PublishedEvent => ({
  type: 'agent_thinking',
  run_id,
  payload: { delta },
});

export const executing = (run_id: string, tool_call_id: string): PublishedEvent => ({
  type: 'tool_executing',
  run_id,
  payload: { tool_call_id, tool_name: 'count', args: { path: 'a.ts' } },
});

export const toolDone = (run_id: string, tool_call_id: string): PublishedEvent => ({
  type: 'tool_completed',
  run_id,
  payload: { tool_call_id, tool_name: 'count', success: true, result: 3, duration_ms: 5 },
});

export const completed = (run_id: string): PublishedEvent => ({
  type: 'agent_completed',
  run_id,
  payload: { status: 'completed', final_response: 'three', duration_ms: 9 },
});

export const note = (n: number): PublishedEvent => ({ type: 'app.note', payload: { n } });

/** A whole run: its five kinds of events, in order. */
export function wholeRun(run_id: string, thread_id?: string): readonly PublishedEvent[] {
  const call = `${run_id}-call`;
  return [
    started(run_id, thread_id),
    thinking(run_id, 'Look'),
    executing(run_id, call),
    toolDone(run_id, call),
    completed(run_id),
  ];
}
