import { isDeepStrictEqual } from 'node:util';
import type { RunState, ToolCallState } from '@ws/types';

/** What the protocol page says that a snapshot keeps of each text and of the finished tools, in characters. */
const KEPT_CHARS = 262_144;

/** Whether `state` shows a run that is in `expected`: all of it, or of a very long one its end, with what is missing counted. */
export function showsRun(state: RunState, expected: RunState): boolean {
  const { thinking, response, tools, omitted, ...rest } = state;
  if (omitted === undefined) return isDeepStrictEqual(state, expected);
  const { thinking: allThinking, response: allResponse, tools: allTools, ...expectedRest } = expected;
  return (
    isDeepStrictEqual(rest, expectedRest) &&
    isEnd(thinking, allThinking, omitted.thinking) &&
    isEnd(response, allResponse, omitted.response) &&
    areNewest(tools, allTools, omitted.tools)
  );
}

/** As much of the text as is kept; one unit less if it would begin in the middle of a character. */
function isEnd(text: string, whole: string, omitted: number): boolean {
  const isAllThatIsKept = omitted === 0 || text.length === KEPT_CHARS || text.length === KEPT_CHARS - 1;
  return isAllThatIsKept && text.length + omitted === whole.length && whole.endsWith(text);
}

/** Every call that executes, and of the others the newest, as many as are kept. */
function areNewest(tools: readonly ToolCallState[], whole: readonly ToolCallState[], omitted: number): boolean {
  const left = whole.filter((tool) => !tools.some((kept) => isDeepStrictEqual(kept, tool)));
  const newestLeft = left.at(-1);
  if (
    left.length !== omitted ||
    !isDeepStrictEqual(
      tools,
      whole.filter((tool) => !left.includes(tool)),
    )
  )
    return false;
  if (newestLeft === undefined) return true;
  const withIt = whole.slice(whole.indexOf(newestLeft));
  const chars = withIt.reduce((sum, tool) => sum + JSON.stringify(tool).length, 0);
  return chars > KEPT_CHARS && left.every(({ status }) => status !== 'executing');
}
