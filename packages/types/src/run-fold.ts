import type { ProtocolEvents } from './events.ts';
import type { RunState, ToolCallState } from './run-state.ts';

/** The part of an event that a fold reads: a stream event, a received one or one read from a log. */
export interface FoldableEvent {
  readonly type: string;
  readonly payload: unknown;
}

const EMPTY: RunState = { agent_name: '', status: 'running', thinking: '', response: '', tools: [] };

/** Before the first event that was received, where that is not the beginning. */
const JOINED_LATE: RunState = { ...EMPTY, partial: true };

/**
 * Folds one event of a run into the run's state; `undefined` is the state before `agent_started`. Pure: returns a new state,
 * or the same one for events that change nothing on a screen. Server and clients share it, so a `run_snapshot` followed by
 * the rest of a run ends in the state of one who saw every event.
 *
 * @example
 * ```ts
 * const state = events.reduce<RunState | undefined>(foldRunEvent, undefined);
 * ```
 */
export function foldRunEvent(state: RunState | undefined, event: FoldableEvent): RunState {
  const before = state ?? JOINED_LATE;
  switch (event.type) {
    case 'agent_started':
      return { ...EMPTY, agent_name: payloadOf(event, 'agent_started').agent_name };
    case 'agent_thinking':
      return { ...before, thinking: before.thinking + payloadOf(event, 'agent_thinking').delta };
    case 'agent_response_chunk':
      return { ...before, response: before.response + payloadOf(event, 'agent_response_chunk').delta };
    case 'tool_executing':
      return { ...before, tools: [...before.tools, executing(payloadOf(event, 'tool_executing'))] };
    case 'tool_completed': {
      const payload = payloadOf(event, 'tool_completed');
      return {
        ...before,
        tools: before.tools.map((tool) => (tool.tool_call_id === payload.tool_call_id ? ended(tool, payload) : tool)),
      };
    }
    case 'agent_completed': {
      const { status, final_response } = payloadOf(event, 'agent_completed');
      return { ...(final_response === undefined ? before : withFinalResponse(before, final_response)), status };
    }
    default:
      return before;
  }
}

function payloadOf<Type extends keyof ProtocolEvents>(event: FoldableEvent, _type: Type): ProtocolEvents[Type] {
  // Folded events have passed the door (`parseEventInput` or `parseServerFrame`), which checked the payload of their type.
  return event.payload as ProtocolEvents[Type];
}

/**
 * What was streamed is the answer, and `final_response` repeats it or sums it up. It is shown where it says more: nothing was
 * streamed, or the beginning of what was streamed is missing here.
 */
function withFinalResponse(state: RunState, final_response: string): RunState {
  const { response, omitted, partial } = state;
  const isWhole = response !== '' && partial !== true && (omitted?.response ?? 0) === 0;
  if (isWhole) return state;
  return {
    ...state,
    response: final_response,
    ...(omitted === undefined ? {} : { omitted: { ...omitted, response: 0 } }),
  };
}

function executing({ tool_call_id, tool_name, args }: ProtocolEvents['tool_executing']): ToolCallState {
  return { tool_call_id, tool_name, args, status: 'executing' };
}

function ended(tool: ToolCallState, payload: ProtocolEvents['tool_completed']): ToolCallState {
  return {
    ...tool,
    status: payload.success ? 'completed' : 'failed',
    duration_ms: payload.duration_ms,
    ...(payload.result === undefined ? {} : { result: payload.result }),
    ...(payload.error === undefined ? {} : { error: payload.error }),
  };
}
