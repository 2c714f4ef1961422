// What legacy calls named the fields of the five events, the best name first. Durations have a unit of their own.

export const TASK = ['task', 'task_description'] as const;
export const DELTA = ['delta', 'reasoning', 'thought', 'thinking'] as const;
export const TOOL_NAME = ['tool_name', 'name'] as const;
export const ARGS = ['args', 'tool_args', 'parameters', 'params'] as const;
export const CALL_ID = ['tool_call_id', 'execution_id'] as const;
export const RESULT = ['result', 'results', 'output'] as const;
export const FINAL_RESPONSE = ['final_response', 'response', 'result'] as const;
export const MILLISECONDS = ['duration_ms', 'execution_time_ms'] as const;
export const SECONDS = ['duration', 'execution_time', 'elapsed_time'] as const;

/** Fields of the envelope, in both spellings: never part of a payload, whatever a call says. */
export const ENVELOPE: ReadonlySet<string> = new Set([
  'type',
  'event_type',
  'user_id',
  'userId',
  'thread_id',
  'threadId',
  'run_id',
  'runId',
  'event_id',
  'eventId',
  'timestamp',
  'offset',
  'traceparent',
]);
