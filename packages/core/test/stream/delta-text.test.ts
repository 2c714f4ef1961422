import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedDelta, leadingDelta, withEscapedDelta } from '../../src/stream/delta-text.ts';
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
    const escaped = escapedDelta(delta(1, text));
    expect(escaped).toBe(JSON.stringify(text).slice(1, -1));
  });

  it('is not taken from payloads that say more than the delta', () => {
    const more = [
      { delta: 'x', more: 1 },
      { delta: 'x', more: 'y' },
      { more: 'y', delta: 'x' },
      { more: { payload: { delta: 'x' } }, delta: 'y' },
      { delta: 'x', payload: { delta: 'y' } },
    ];
    for (const payload of more) {
      expect(escapedDelta(logEvent(1, { type: 'agent_thinking', runId: 'r1', payload }))).toBeUndefined();
    }
  });

  it('is not taken from events that are no deltas', () => {
    expect(escapedDelta(logEvent(1, { type: 'note', payload: { delta: 'x' } }))).toBeUndefined();
  });

  it('is not led astray by ids that look like it', () => {
    const id = 'a","payload":{"delta":"b"}}';
    const event = logEvent(1, { type: 'agent_thinking', runId: id, threadId: id, payload: { delta: 'true' } });
    expect(escapedDelta(event)).toBe('true');
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
        const joined = withEscapedDelta(last, events.map((event) => escapedDelta(event) ?? '').join(''));
        expect(parsedDelta(joined)).toBe(texts.join(''));
        expect({ ...(JSON.parse(joined) as object), payload: 0 }).toEqual({
          ...(JSON.parse(last.data) as object),
          payload: 0,
        });
      }),
    );
  });
});

describe('the leading delta of an event', () => {
  it('is the text of its delta, whatever the payload says behind it', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.dictionary(text, fc.jsonValue(), { noNullPrototype: true }), (said, more) => {
        const { delta: _, ...rest } = more;
        const event = logEvent(1, { type: 'agent_thinking', runId: 'r1', payload: { delta: said, ...rest } });
        const leading = leadingDelta(event);
        // Keys that are whole numbers come first in an object, whenever they were set.
        if (leading === undefined) expect(Object.keys(rest).some((key) => /^\d+$/.test(key))).toBe(true);
        else expect(JSON.parse(`"${leading}"`)).toBe(said);
      }),
    );
  });

  it('is left to a decoder where something stands before it, and where it is no text', () => {
    const others = [{ more: 'y', delta: 'x' }, { more: { payload: { delta: 'x' } }, delta: 'y' }, { delta: 7 }, {}];
    for (const payload of others) {
      expect(leadingDelta(logEvent(1, { type: 'agent_thinking', runId: 'r1', payload }))).toBeUndefined();
    }
    expect(leadingDelta(logEvent(1, { type: 'note', payload: { delta: 'x' } }))).toBeUndefined();
  });
});
