import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServerFrame, toThreadId, type NumberedEvent } from '@ws/types';
import type { LogEvent } from '../../src/log.ts';
import { decodeEvent } from '../../src/stream/event-codec.ts';
import { framesFor, volatileFrames, type View } from '../../src/stream/event-frames.ts';
import { appendToHistory, historyOf, type HistoryItem } from '../support/history.ts';
import { anyShape, delta, logEvent } from '../support/log-events.ts';

const ALL: View = { threads: null, merge: false, shown: new Set() };

function decoded(events: readonly LogEvent[], view: View, last = 0): NumberedEvent[] {
  return framesFor(events, view, last).group.frames.map(({ text, offset }) => {
    const parsed = parseServerFrame(JSON.parse(text));
    if (!parsed.ok) throw new Error(parsed.message);
    if (!('payload' in parsed.value) || parsed.value.offset === undefined) throw new Error('not an event');
    expect(parsed.value.offset).toBe(offset);
    return parsed.value;
  });
}

describe('frames of events', () => {
  it('say prev only where the event before is not the offset before', () => {
    const events = [3, 4, 7].map((offset) => logEvent(offset, { type: 'note' }));
    expect(decoded(events, ALL, 2).map(({ prev }) => prev)).toEqual([undefined, undefined, 4]);
    expect(decoded(events, ALL, 1).map(({ prev }) => prev)).toEqual([1, undefined, 4]);
  });

  it('pass over threads that were not asked for, and keep events of no thread', () => {
    const events = ['t1', 't2', undefined, 't1'].map((threadId, i) => logEvent(i + 1, { type: 'note', threadId }));
    const seen = decoded(events, { ...ALL, threads: new Set([toThreadId('t1')]) });
    expect(seen.map(({ offset, prev }) => [offset, prev])).toEqual([
      [1, undefined],
      [3, 1],
      [4, undefined],
    ]);
  });

  it('join deltas of one run and type, and tell how many', () => {
    const events = [
      delta(1, 'a"'),
      delta(2, 'b\\'),
      delta(3, 'c', 'r2'),
      delta(4, 'd'),
      delta(5, 'e'),
      delta(6, 'f', 'r1', 'agent_response_chunk'),
    ];
    expect(decoded(events, { ...ALL, merge: true })).toMatchObject([
      { offset: 2, prev: 0, merged: 2, event_id: 'e2', payload: { delta: 'a"b\\' } },
      { offset: 3, payload: { delta: 'c' } },
      { offset: 5, prev: 3, merged: 2, payload: { delta: 'de' } },
      { offset: 6, payload: { delta: 'f' } },
    ]);
  });

  it('join deltas that are alike in their other fields, and no others: no field is dropped', () => {
    const said = (offset: number, text: string, more: object): LogEvent =>
      logEvent(offset, { type: 'agent_response_chunk', runId: 'r1', payload: { delta: text, ...more } });
    const events = [
      said(1, 'a', { message_id: 'm1', part: { n: 1 } }),
      said(2, 'b', { message_id: 'm1', part: { n: 1 } }),
      said(3, 'c', { message_id: 'm2', part: { n: 1 } }),
      said(4, 'd', {}),
      said(5, 'e', { message_id: 'm2', part: { n: 1 } }),
    ];
    const seen = decoded(events, { ...ALL, merge: true });
    expect(seen.map(({ offset, payload }) => [offset, payload])).toEqual([
      [2, { delta: 'ab', message_id: 'm1', part: { n: 1 } }],
      [3, { delta: 'c', message_id: 'm2', part: { n: 1 } }],
      [4, { delta: 'd' }],
      [5, { delta: 'e', message_id: 'm2', part: { n: 1 } }],
    ]);
  });

  it('are the same in a view that joins deltas where none stands next to another', () => {
    const events = [delta(1, 'a'), logEvent(2, { type: 'note' }), delta(3, 'b')];
    expect(decoded(events, { ...ALL, merge: true })).toEqual(decoded(events, ALL));
  });

  it('of volatile events have no offset, and pass over threads that were not asked for', () => {
    const events = ['t1', 't2', undefined].map((threadId, i) => logEvent(i + 1, { type: 'note', threadId }));
    const shown = (threads: View['threads']): unknown[] =>
      volatileFrames(events, threads).frames.map(({ text }) => JSON.parse(text) as unknown);
    expect(shown(null)).toMatchObject([{ volatile: true, thread_id: 't1' }, { thread_id: 't2' }, { volatile: true }]);
    expect(shown(null)[0]).not.toHaveProperty('offset');
    expect(shown(new Set([toThreadId('t1')]))).toMatchObject([{ event_id: 'e1' }, { event_id: 'e3' }]);
  });

  it('join deltas across events that this view does not see', () => {
    const events = [delta(1, 'a'), logEvent(2, { type: 'note', threadId: 't9' }), delta(3, 'b')];
    const seen = decoded(events, { ...ALL, threads: new Set([toThreadId('t1')]), merge: true });
    expect(seen).toMatchObject([{ offset: 3, prev: 0, merged: 2, payload: { delta: 'ab' } }]);
  });

  it('are not joined with the copy of an event that was shown before it had a number', () => {
    const events = ['a', 'b', 'c', 'd', 'e'].map((text, i) => delta(i + 1, text));
    const early = events[2];
    if (early === undefined) throw new Error('no event');
    const seen = decoded(events, { ...ALL, merge: true, shown: new Set([early.eventId]) });
    expect(seen.map(({ offset, event_id }) => [offset, event_id === early.eventId])).toEqual([
      [2, false],
      [3, true],
      [5, false],
    ]);
  });

  it('do not grow without end when joined', () => {
    const events = Array.from({ length: 10 }, (_, i) => delta(i + 1, 'x'.repeat(10_000)));
    const lengths = decoded(events, { ...ALL, merge: true }).map((frame) => historyOf([frame])[0]?.content.length);
    expect(lengths).toEqual([30_000, 30_000, 30_000, 10_000]);
  });

  it('share the text of their event, whatever the view', () => {
    const events = [logEvent(1, { type: 'note' }), logEvent(2, { type: 'note' })];
    const [whole, part] = [
      framesFor(events, ALL, 0),
      framesFor(events, { ...ALL, threads: new Set(), merge: true }, 1),
    ];
    for (const { group } of [whole, part]) expect(group.frames[1]?.body).toBe(events[1]?.data);
  });

  it('show what applying the events shows, with an exact chain of prev, for any events and any view', () => {
    const threads = fc.option(fc.subarray(['t1', 't2', 't3']), { nil: null });
    const gaps = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyShape, gaps), { maxLength: 30 }),
        threads,
        fc.boolean(),
        (shapes, seen, merge) => {
          let offset = 0;
          const events = shapes.map(([shape, gap]) => logEvent((offset += gap), shape));
          const view: View = { ...ALL, threads: seen === null ? null : new Set(seen.map(toThreadId)), merge };
          const expected = events.filter(
            ({ threadId }) => seen === null || threadId === undefined || seen.includes(threadId),
          );

          const frames = decoded(events, view);
          expect(framesFor(events, view, 0).lastOffset).toBe(expected.at(-1)?.offset ?? 0);
          expect(historyOf(frames)).toEqual(historyOf(expected.map(decodeEvent)));
          let last = 0;
          for (const frame of frames) {
            expect(frame.prev ?? frame.offset - 1).toBe(last);
            expect(frame.prev).not.toBe(frame.offset - 1);
            last = frame.offset;
          }
          if (!merge) expect(frames).toHaveLength(expected.length);
        },
      ),
    );
  });

  it('cut anywhere show the same', () => {
    fc.assert(
      fc.property(fc.array(anyShape, { maxLength: 20 }), fc.nat(20), (shapes, cut) => {
        const events = shapes.map((shape, i) => logEvent(i + 1, shape));
        const view: View = { ...ALL, merge: true };
        const first = decoded(events.slice(0, cut), view);
        const rest = decoded(events.slice(cut), view, first.at(-1)?.offset ?? 0);
        const history: HistoryItem[] = [];
        for (const frame of [...first, ...rest]) appendToHistory(history, frame);
        expect(history).toEqual(historyOf(decoded(events, view)));
      }),
    );
  });
});
