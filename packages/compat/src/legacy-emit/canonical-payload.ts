import type { JsonObject, JsonValue } from '@ws/types';
import * as names from './input-names.ts';

/** Takes fields by any of their legacy names; what nobody took is kept beside them. */
class FieldTaker {
  readonly #fields: JsonObject;
  readonly #taken = new Set<string>();

  constructor(fields: JsonObject) {
    this.#fields = fields;
  }

  take(aliases: readonly string[]): JsonValue | undefined {
    const name = aliases.find((alias) => this.#fields[alias] !== undefined && this.#fields[alias] !== null);
    for (const alias of aliases) this.#taken.add(alias);
    return name === undefined ? undefined : this.#fields[name];
  }

  text(aliases: readonly string[]): string | undefined {
    const value = this.take(aliases);
    return typeof value === 'string' ? value : undefined;
  }

  milliseconds(): number | undefined {
    const ms = this.take(names.MILLISECONDS);
    const seconds = this.take(names.SECONDS);
    if (typeof ms === 'number') return ms;
    return typeof seconds === 'number' ? seconds * 1000 : undefined;
  }

  rest(): JsonObject {
    return Object.fromEntries(Object.entries(this.#fields).filter(([name]) => !this.#taken.has(name)));
  }
}

/** What the run of an event knows that the call did not say. */
export interface KnownFacts {
  readonly agentName: string;
  readonly toolCallId: string;
  readonly toolName: string;
  readonly durationMs: number;
}

/** The payload of a canonical type from the fields of a legacy call. Extra fields stay; they never overwrite what is known. */
export function canonicalPayload(type: string, fields: JsonObject, known: KnownFacts): JsonObject {
  const from = new FieldTaker(fields);
  switch (type) {
    case 'agent_started': {
      const agent_name = from.text(['agent_name']) ?? known.agentName;
      const task = from.text(names.TASK);
      return { ...from.rest(), agent_name, ...(task === undefined ? {} : { task }) };
    }
    case 'agent_thinking': {
      const delta = from.text(names.DELTA) ?? '';
      return { ...from.rest(), delta };
    }
    case 'tool_executing': {
      const { tool_call_id, tool_name } = toolOf(from, known);
      const args = from.take(names.ARGS) ?? {};
      return { ...from.rest(), tool_call_id, tool_name, args };
    }
    case 'tool_completed':
      return toolCompleted(from, known);
    case 'agent_completed':
      return agentCompleted(from, fields, known);
    default:
      return fields;
  }
}

function toolOf(from: FieldTaker, known: KnownFacts): { tool_call_id: string; tool_name: string } {
  const tool_call_id = from.text(names.CALL_ID) ?? known.toolCallId;
  return { tool_call_id, tool_name: from.text(names.TOOL_NAME) ?? known.toolName };
}

function toolCompleted(from: FieldTaker, known: KnownFacts): JsonObject {
  const tool = toolOf(from, known);
  const result = from.take(names.RESULT);
  const duration_ms = from.milliseconds() ?? known.durationMs;
  const error = from.take(['error']);
  const status = from.take(['status']);
  const said = from.take(['success']);
  const success = typeof said === 'boolean' ? said : error === undefined && !isFailure(status);
  return {
    ...from.rest(),
    ...tool,
    success,
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error: asText(error) }),
    duration_ms,
  };
}

function agentCompleted(from: FieldTaker, fields: JsonObject, known: KnownFacts): JsonObject {
  const answer = from.take(names.FINAL_RESPONSE);
  const duration_ms = from.milliseconds() ?? known.durationMs;
  const error = from.take(['error']);
  const status = from.take(['status']);
  // A result that is not the answer, or not text, is kept under the name it was given.
  const { result } = fields;
  const kept = result === undefined || (result === answer && typeof answer === 'string') ? {} : { result };
  return {
    ...from.rest(),
    ...kept,
    status: runStatus(status, error),
    ...(typeof answer === 'string' ? { final_response: answer } : {}),
    ...(error === undefined ? {} : { error: asText(error) }),
    duration_ms,
  };
}

function runStatus(status: JsonValue | undefined, error: JsonValue | undefined): JsonValue {
  if (status === undefined) return error === undefined ? 'completed' : 'failed';
  if (isFailure(status)) return 'failed';
  if (status === 'canceled') return 'cancelled';
  return status === 'success' || status === 'done' || status === 'finished' ? 'completed' : status;
}

function isFailure(status: JsonValue | undefined): boolean {
  return status === 'error' || status === 'failed' || status === 'failure';
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
