import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CRITICAL_EVENTS, type NumberedEvent } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { toLegacyEvent, type LegacyShape } from '../../src/index.ts';

const SHAPES: readonly LegacyShape[] = ['flat', 'payload', 'data'];
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `fixtures/${name}.json`), 'utf8'));
const events = fixture('events') as readonly NumberedEvent[];
const context = { userId: 'u1', agentName: 'analyst' };
const event = (type: string, payload: NumberedEvent['payload']): NumberedEvent => ({
  type,
  payload,
  offset: 1,
  event_id: 'e-1' as NumberedEvent['event_id'],
  timestamp: 1_790_000_000_000,
});

describe('the old event shapes', () => {
  it('are pinned for all five events', () => {
    expect(events.map(({ type }) => type)).toEqual(CRITICAL_EVENTS);
  });

  // A red pin means that clients of the first system would see something else.
  it.each(SHAPES)('%s is that of its golden file', (shape) => {
    expect(events.map((numbered) => toLegacyEvent(numbered, shape, context))).toEqual(fixture(shape));
  });

  it('say what failed', () => {
    const payload = { tool_call_id: 'c1', tool_name: 'x', success: false, error: 'no', duration_ms: 5 };
    const failed = event('tool_completed', payload);
    expect(toLegacyEvent(failed, 'flat', context)).toMatchObject({
      success: false,
      error: 'no',
      results: null,
      duration: 0.005,
    });
    expect(toLegacyEvent(failed, 'data', context)).toMatchObject({
      data: { status: 'failed', error: 'no' },
      results: null,
    });
    const ended = event('agent_completed', { status: 'failed', error: 'no', duration_ms: 5 });
    expect(toLegacyEvent(ended, 'payload', context)).toMatchObject({
      payload: { status: 'failed', result: null, final_response: null, error: 'no' },
    });
  });

  it('never let a field into the envelope', () => {
    const payload = {
      delta: 'Hm',
      type: 'x',
      user_id: 'eve',
      run_id: 'r9',
      thread_id: 't9',
      timestamp: 0,
      agent_name: 'a',
    };
    expect(toLegacyEvent(event('agent_thinking', payload), 'flat', context)).toEqual({
      type: 'agent_thinking',
      user_id: 'u1',
      thread_id: null,
      run_id: null,
      timestamp: 1_790_000_000,
      agent_name: 'a',
      reasoning: 'Hm',
    });
    expect(toLegacyEvent(event('agent_thinking', payload), 'payload', context)).toMatchObject({
      type: 'agent_thinking',
      payload: { timestamp: 1_790_000_000 },
    });
    expect(toLegacyEvent(event('agent_thinking', payload), 'data', context)).toMatchObject({
      user_id: 'u1',
      run_id: null,
    });
  });

  it.each(SHAPES)('%s takes any other event with its payload as it is', (shape) => {
    const legacy = toLegacyEvent(event('invoice_ready', { cents: 5 }), shape, context);
    const nest = { flat: legacy, payload: legacy['payload'], data: legacy['data'] }[shape];
    expect(nest).toMatchObject({ cents: 5 });
    expect(legacy.type).toBe('invoice_ready');
  });
});
