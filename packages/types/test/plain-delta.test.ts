import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseEventInput } from '../src/parse-event-input.ts';
import { isPlainDelta } from '../src/plain-delta.ts';
import { PAYLOAD_SCHEMAS } from '../src/event-schemas.ts';
import * as v from 'valibot';
import { isId } from '../src/ids.ts';

const plain = { type: 'agent_thinking', run_id: 'r1', thread_id: 't1', event_id: 'e1', payload: { delta: 'x' } };

it('accepts deltas with nothing special about them', () => {
  expect(isPlainDelta(plain)).toBe(true);
  expect(isPlainDelta({ type: 'agent_response_chunk', run_id: 'r1', payload: { delta: '' } })).toBe(true);
  expect(isPlainDelta({ ...plain, payload: { message_id: 'm1', delta: 'x', index: 7, last: true } })).toBe(true);
});

it('leaves everything else to the schemas', () => {
  for (const change of [
    { type: 'agent_started' },
    { type: undefined },
    { run_id: undefined },
    { run_id: '' },
    { thread_id: 7 },
    { payload: { delta: 7 } },
    { payload: ['x'] },
    { payload: { delta: 'x', at: NaN } },
    { payload: { delta: 'x', at: 2 ** 53 } },
    { payload: { delta: 'x', at: 1n } },
    { payload: { delta: 'x', args: {} } },
    { payload: { delta: 'x', at: undefined } },
    { payload: undefined },
    { traceparent: '00-0-0-00' },
    { runid: 'r1' },
  ]) {
    expect(isPlainDelta({ ...plain, ...change }), inspect(change)).toBe(false);
  }
});

it('never accepts what the schemas refuse', () => {
  const text = fc.oneof(fc.constantFrom('agent_thinking', 'agent_response_chunk', 'r1', ''), fc.string());
  const value = fc.oneof(
    text,
    fc.integer(),
    fc.constant(undefined),
    fc.record(
      {
        delta: fc.oneof(text, fc.integer()),
        at: fc.oneof(fc.double(), fc.integer(), text, fc.boolean(), fc.constant(null)),
      },
      { requiredKeys: ['delta'] },
    ),
  );
  const input = fc.dictionary(fc.constantFrom('type', 'run_id', 'thread_id', 'event_id', 'payload', 'other'), value);
  fc.assert(
    fc.property(input, (event) => {
      if (!isPlainDelta(event)) return;
      const { type, run_id, thread_id = 'x', event_id = 'x', payload, ...rest } = event;
      expect(parseEventInput(event).ok).toBe(true);
      expect([
        type === 'agent_thinking' || type === 'agent_response_chunk',
        isId(run_id),
        isId(thread_id),
        isId(event_id),
      ]).toEqual([true, true, true, true]);
      expect(v.is(PAYLOAD_SCHEMAS.agent_thinking, payload)).toBe(true);
      expect(rest).toEqual({});
    }),
    { numRuns: 2_000 },
  );
});
