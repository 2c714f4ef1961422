import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deltaText, withDeltaText } from '../../src/stream/delta-text.ts';
import { delta, logEvent } from '../support/log-events.ts';

const parsedDelta = (data: string): unknown => (JSON.parse(data) as { payload: { delta: unknown } }).payload.delta;

describe('the escaped text of a delta', () => {
  it.each([
    'plain',
    '',
    'a "quoted" word',
    'back\\slash',
    '\\',
    '\\"',
    '"}}',
    'line\nbreak\t',
    '\u0000',
    'ü 中 😀',
    '\ud83d',
  ])('is what stands between the quotes: %j', (text) => {
    expect(deltaText(delta(1, text))?.escaped).toBe(JSON.stringify(text).slice(1, -1));
  });

  it('is not taken from events that are no deltas', () => {
    expect(deltaText(logEvent(1, { type: 'note', payload: { delta: 'x' } }))).toBeUndefined();
  });

  it('is not led astray by ids that look like it', () => {
    const id = 'a","payload":{"delta":"b"}}';
    const event = logEvent(1, { type: 'agent_thinking', runId: id, threadId: id, payload: { delta: 'true' } });
    expect(deltaText(event)?.escaped).toBe('true');
  });

  it('joined with others parses to their concatenation', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), fc.string(), (texts, trace) => {
        const events = texts.map((said, index) =>
          logEvent(index + 1, {
            type: 'agent_thinking',
            runId: 'r1',
            traceparent: trace.replace(/[^0-9a-f-]/g, ''),
            payload: { delta: said },
          }),
        );
        const last = events.at(-1);
        if (last === undefined) return;
        const escaped = events.map((event) => deltaText(event)?.escaped ?? '').join('');
        const joined = withDeltaText(last, { escaped, rest: deltaText(last)?.rest ?? '' });
        expect(parsedDelta(joined)).toBe(texts.join(''));
        expect({ ...(JSON.parse(joined) as object), payload: 0 }).toEqual({
          ...(JSON.parse(last.data) as object),
          payload: 0,
        });
      }),
    );
  });
});

describe('the text of a delta with other fields', () => {
  it('is the text of its delta, and what follows it is the rest of the payload', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.dictionary(text, fc.jsonValue(), { noNullPrototype: true }), (said, more) => {
        const { delta: _, ...others } = more;
        const event = logEvent(1, { type: 'agent_thinking', runId: 'r1', payload: { delta: said, ...others } });
        const found = deltaText(event);
        // Keys that are whole numbers come first in an object, whenever they were set.
        if (found === undefined) {
          expect(Object.keys(others).some((key) => /^\d+$/.test(key))).toBe(true);
          return;
        }
        expect(JSON.parse(`"${found.escaped}"`)).toBe(said);
        expect(JSON.parse(`{"payload":{"delta":"${found.rest}`)).toEqual({ payload: { delta: '', ...others } });
        expect(withDeltaText(event, found)).toBe(event.data);
      }),
    );
  });

  it('is left to a decoder where something stands before it, and where it is no text', () => {
    const others = [{ more: 'y', delta: 'x' }, { more: { payload: { delta: 'x' } }, delta: 'y' }, { delta: 7 }, {}];
    for (const payload of others) {
      expect(deltaText(logEvent(1, { type: 'agent_thinking', runId: 'r1', payload }))).toBeUndefined();
    }
  });
});
