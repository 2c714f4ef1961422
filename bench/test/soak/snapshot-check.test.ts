import type { RunState, ToolCallState } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { showsRun } from '../../src/soak/snapshot-check.ts';

const LIMIT = 262_144;

function tool(id: string, chars: number, status: ToolCallState['status'] = 'completed'): ToolCallState {
  return { tool_call_id: id, tool_name: 'count', args: {}, status, result: 'x'.repeat(chars) };
}

function run(more: Partial<RunState> = {}): RunState {
  return { agent_name: 'a', status: 'running', thinking: 'why', response: 'so', tools: [], ...more };
}

const omitted = (more: Partial<NonNullable<RunState['omitted']>>) => ({ thinking: 0, response: 0, tools: 0, ...more });
const text = 'abc'.repeat(100_000);
const calls = [tool('a', 10), tool('b', LIMIT), tool('c', 10), tool('d', 10, 'executing')];

describe('a snapshot in a soak run', () => {
  it('is the whole run', () => {
    expect(showsRun(run(), run())).toBe(true);
    expect(showsRun(run({ response: 'no' }), run())).toBe(false);
  });

  it.each<[string, boolean, Partial<RunState>, Partial<RunState>]>([
    [
      'the end of a text',
      true,
      { response: text },
      { response: text.slice(-LIMIT), omitted: omitted({ response: 37_856 }) },
    ],
    [
      'too little of it',
      false,
      { response: text },
      { response: text.slice(-9), omitted: omitted({ response: 299_991 }) },
    ],
    ['a wrong count', false, { response: text }, { response: text.slice(-LIMIT), omitted: omitted({ response: 1 }) }],
    [
      'its beginning',
      false,
      { response: text },
      { response: text.slice(0, LIMIT), omitted: omitted({ response: 37_856 }) },
    ],
    ['the newest tools', true, { tools: calls }, { tools: calls.slice(2), omitted: omitted({ tools: 2 }) }],
    ['fewer than would fit', false, { tools: calls }, { tools: calls.slice(3), omitted: omitted({ tools: 3 }) }],
    ['a tool too few', false, { tools: calls }, { tools: calls.slice(2), omitted: omitted({ tools: 1 }) }],
    ['no tool that executes', false, { tools: calls }, { tools: calls.slice(2, 3), omitted: omitted({ tools: 3 }) }],
    [
      'another run',
      false,
      { response: text },
      { agent_name: 'b', response: text.slice(-LIMIT), omitted: omitted({ response: 37_856 }) },
    ],
  ])('that is long may show %s: %s', (_what, isRight, whole, shown) => {
    expect(showsRun(run(shown), run(whole))).toBe(isRight);
  });
});
