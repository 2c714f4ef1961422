import type { RunState, ToolCallState } from '@ws/types';

/** How much of a run a checkpoint keeps, and a snapshot shows. */
export interface SnapshotLimit {
  /** Characters of reasoning text and of answer, each: the newest ones. */
  readonly textChars: number;
  /** Characters of finished tool calls as JSON: the newest ones. Those that execute are kept in any case. */
  readonly toolChars: number;
}

export const SNAPSHOT_LIMIT: SnapshotLimit = { textChars: 262_144, toolChars: 262_144 };

const NOTHING = { thinking: 0, response: 0, tools: 0 };

/**
 * Leaves out the beginning of a run that is too long, and says in the state how much that is: an agent that streams for hours
 * must not make a checkpoint of a hundred megabytes.
 */
export function withinLimit(state: RunState, limit: SnapshotLimit): RunState {
  const thinking = newestText(state.thinking, limit.textChars);
  const response = newestText(state.response, limit.textChars);
  const tools = newestTools(state.tools, limit.toolChars);
  const left = {
    thinking: state.thinking.length - thinking.length,
    response: state.response.length - response.length,
    tools: state.tools.length - tools.length,
  };
  if (left.thinking + left.response + left.tools === 0) return state;
  const before = state.omitted ?? NOTHING;
  const omitted = {
    thinking: before.thinking + left.thinking,
    response: before.response + left.response,
    tools: before.tools + left.tools,
  };
  return { ...state, thinking, response, tools, omitted };
}

function newestText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const start = text.length - maxChars;
  // Not in the middle of a character that takes two units.
  const isSecondHalf = (text.charCodeAt(start) & 0xfc00) === 0xdc00;
  return text.slice(isSecondHalf ? start + 1 : start);
}

/** The newest finished calls that fit, and every call that executes. */
function newestTools(tools: readonly ToolCallState[], maxChars: number): readonly ToolCallState[] {
  let left = maxChars;
  for (let i = tools.length - 1; i >= 0; i -= 1) {
    left -= JSON.stringify(tools[i]).length;
    if (left < 0) return tools.filter(({ status }, index) => index > i || status === 'executing');
  }
  return tools;
}
