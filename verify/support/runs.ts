/** Events of a whole run, as a publisher writes them. */
export interface PublishedEvent {
  readonly type: string;
  readonly run_id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export function wholeRun(run_id: string): readonly PublishedEvent[] {
  const tool = { tool_call_id: `${run_id}-call`, tool_name: 'count' };
  return [
    { type: 'agent_started', run_id, payload: { agent_name: 'analyst' } },
    { type: 'agent_thinking', run_id, payload: { delta: 'Look. ' } },
    { type: 'tool_executing', run_id, payload: { ...tool, args: { path: 'a.ts' } } },
    { type: 'tool_completed', run_id, payload: { ...tool, success: true, result: 3, duration_ms: 5 } },
    { type: 'agent_completed', run_id, payload: { status: 'completed', final_response: 'three', duration_ms: 9 } },
  ];
}

interface OrderedEvent {
  readonly type: string;
  readonly run_id?: unknown;
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** What is wrong with the order of a run's events: started first, tools in pairs, completed last, each once. */
export function orderFaults(runId: string, events: readonly OrderedEvent[]): readonly string[] {
  const faults: string[] = [];
  const types = events.map(({ type }) => type);
  const count = (wanted: string): number => types.filter((type) => type === wanted).length;
  if (types[0] !== 'agent_started' || count('agent_started') !== 1) faults.push(`${runId} does not begin once`);
  if (types.at(-1) !== 'agent_completed' || count('agent_completed') !== 1) faults.push(`${runId} does not end once`);
  const open = new Set<unknown>();
  for (const { type, payload } of events) {
    const call = payload?.['tool_call_id'];
    if (type === 'tool_executing') open.add(call);
    if (type === 'tool_completed' && !open.delete(call)) faults.push(`${runId}: tool_completed without its call`);
  }
  if (open.size > 0) faults.push(`${runId}: ${open.size} tool calls without an answer`);
  return faults;
}
