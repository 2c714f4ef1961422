import { describe, expect, it } from 'vitest';
import { judgeEventName, SIGNAL_NAMES } from '../src/index.ts';

describe('the name of an event', () => {
  it.each([
    ['agent_stared', 'agent_started'],
    ['agnt_started', 'agent_started'],
    ['agent_start', 'agent_started'],
    ['agent-started', 'agent_started'],
    ['Agent_Started', 'agent_started'],
    ['agentStarted', 'agent_started'],
    ['agent_thinkng', 'agent_thinking'],
    ['tool_excuting', 'tool_executing'],
    ['tools_completed', 'tool_completed'],
    ['agent_complete', 'agent_completed'],
    ['agent_response_chunks', 'agent_response_chunk'],
    ['user_massage', 'user_message'],
  ])('%s is a near miss of %s', (name, meant) => {
    expect(judgeEventName(name)).toEqual({ kind: 'near_miss', meant });
  });

  it.each(['invoice_ready', 'com.example/Report:v2', 'a', 'agent_paused', 'x'.repeat(128)])(
    '%s is an application event',
    (name) => {
      expect(judgeEventName(name)).toEqual({ kind: 'application' });
      expect(judgeEventName(name)).toEqual({ kind: 'application' });
    },
  );

  it.each(['', '_x', '9x', 'a b', 'ä', 'a\n', 'x'.repeat(129)])('%j is ill-formed', (name) => {
    expect(judgeEventName(name)).toEqual({ kind: 'ill_formed' });
  });

  it.each(SIGNAL_NAMES)('%s is reserved: clients have a signal of that name', (name) => {
    expect(judgeEventName(name)).toEqual({ kind: 'reserved' });
  });

  it('is judged alike however many names were asked for before', () => {
    for (let i = 0; i < 3_000; i += 1) judgeEventName(`event_number_${i}`);
    expect(judgeEventName('event_number_2999')).toEqual({ kind: 'application' });
    expect(judgeEventName('agent_stared').kind).toBe('near_miss');
    expect(judgeEventName('pong').kind).toBe('reserved');
    expect(judgeEventName('agent_started').kind).toBe('protocol');
  });
});
