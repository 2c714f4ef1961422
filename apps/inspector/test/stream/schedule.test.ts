import { describe, expect, it } from 'vitest';
import { toEventId, type NumberedEvent } from '@ws/types';
import { scheduleOf, shownAt } from '../../src/stream/schedule.ts';

const at = (timestamp: number, index: number): NumberedEvent => ({
  type: 'app.note',
  offset: index + 1,
  event_id: toEventId(`e${index}`),
  timestamp,
  payload: {},
});

const events = [1_000, 1_040, 1_040, 61_040, 61_000].map(at);

describe('the schedule of a replay', () => {
  it('is as it was, with a clock that was set back counted as no time', () => {
    expect(scheduleOf(events, false)).toEqual({ times: [0, 40, 40, 60_040, 60_040], length: 60_040 });
  });

  it('shortens pauses and leaves the rest', () => {
    expect(scheduleOf(events, true)).toEqual({ times: [0, 40, 40, 1_040, 1_040], length: 1_040 });
  });

  it.each([
    [-1, 0],
    [0, 1],
    [39, 1],
    [40, 3],
    [1_039, 3],
    [1_040, 5],
    [Infinity, 5],
  ])('at %d ms, %i events have been shown', (moment, shown) => {
    expect(shownAt(scheduleOf(events, true), moment)).toBe(shown);
  });

  it('of nothing is nothing', () => {
    expect(scheduleOf([], true)).toEqual({ times: [], length: 0 });
    expect(shownAt(scheduleOf([], true), 0)).toBe(0);
  });
});
