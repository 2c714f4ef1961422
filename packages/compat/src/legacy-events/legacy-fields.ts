import type { JsonObject, JsonValue } from '@ws/types';
import type { LegacyShape } from './legacy-shape.ts';

type Fields = Readonly<Record<string, JsonValue | undefined>>;
type FieldsByShape = Readonly<Record<LegacyShape, Fields>>;

/**
 * The fields of an event as an old shape named them. What the payload has besides those of the protocol is passed on; what the
 * old shape had and nobody said (`step_number` of a thought, say) is left out. Other types keep their payload as it is.
 */
export function legacyFields(type: string, payload: JsonObject, shape: LegacyShape): JsonObject {
  const fields = fieldsOf(type, payload);
  return fields === undefined ? payload : defined(fields[shape]);
}

function fieldsOf(type: string, payload: JsonObject): FieldsByShape | undefined {
  switch (type) {
    case 'agent_started':
      return agentStarted(payload);
    case 'agent_thinking':
      return agentThinking(payload);
    case 'tool_executing':
      return toolExecuting(payload);
    case 'tool_completed':
      return toolCompleted(payload);
    case 'agent_completed':
      return agentCompleted(payload);
    default:
      return undefined;
  }
}

function agentStarted({ agent_name, task, context = {}, message, ...extra }: JsonObject): FieldsByShape {
  const said: Fields = { ...extra, agent_name, task_description: task };
  const text = message ?? task ?? `${typeof agent_name === 'string' ? agent_name : 'agent'} started`;
  return {
    flat: { ...said, context: emptyAsNone(context), message },
    payload: { ...said, context: emptyAsNone(context), message },
    data: { ...extra, status: 'started', context, message: text },
  };
}

function agentThinking({ delta, step_number, total_steps, progress_percentage, ...extra }: JsonObject): FieldsByShape {
  const steps: Fields = { step_number, total_steps };
  return {
    flat: { ...extra, ...steps, progress_percentage, reasoning: delta },
    payload: { ...extra, ...steps, progress_percentage, reasoning: delta, thought: delta },
    data: { ...extra, ...steps, progress_percentage, reasoning: delta, status: 'thinking' },
  };
}

function toolExecuting({ tool_call_id, tool_name, args, ...extra }: JsonObject): FieldsByShape {
  return {
    flat: { ...extra, tool_name, tool_args: args, parameters: args, execution_id: tool_call_id },
    payload: { ...extra, tool_name, parameters: args, execution_id: tool_call_id },
    data: { ...extra, tool_name, parameters: args, status: 'executing' },
  };
}

function toolCompleted(payload: JsonObject): FieldsByShape {
  const { tool_call_id, tool_name, success, result, error, duration_ms, ...extra } = payload;
  const seconds = Number(duration_ms) / 1000;
  const results = result ?? null;
  return {
    flat: {
      ...extra,
      tool_name,
      results,
      execution_time: seconds,
      duration: seconds,
      execution_id: tool_call_id,
      success,
      error,
    },
    payload: { ...extra, tool_name, result: results, results, execution_time_ms: duration_ms, success, error },
    data: {
      ...extra,
      tool_name,
      result: results,
      execution_time_ms: duration_ms,
      status: success === true ? 'completed' : 'failed',
      error,
    },
  };
}

function agentCompleted(payload: JsonObject): FieldsByShape {
  const { status, final_response, result, duration_ms, ...extra } = payload;
  const answer = result ?? final_response ?? null;
  return {
    flat: { ...extra, ...(result === undefined ? {} : { result }), status, final_response: final_response ?? null },
    payload: { ...extra, status, result: answer, final_response: final_response ?? null, duration_ms },
    data: { ...extra, status, result: answer, execution_time_ms: duration_ms },
  };
}

function emptyAsNone(context: JsonValue): JsonValue | undefined {
  return typeof context === 'object' && context !== null && Object.keys(context).length === 0 ? undefined : context;
}

function defined(fields: Fields): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
