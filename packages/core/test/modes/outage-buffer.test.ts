import { expect, it } from 'vitest';
import { OutageBuffer } from '../../src/modes/outage-buffer.ts';

const outageBuffer = (): OutageBuffer => new OutageBuffer({ maxEvents: 3, maxChars: 100 });

it('has room up to its limits and not beyond, in events and in characters', () => {
  const events = outageBuffer();
  expect([events.take(3, 0), events.take(1, 0), events.events]).toEqual([true, false, 3]);
  const chars = outageBuffer();
  expect([chars.take(1, 100), chars.take(1, 1), chars.take(1, 0)]).toEqual([true, false, true]);
});

it('takes nothing of a batch that does not fit', () => {
  const it = outageBuffer();
  expect([it.take(2, 90), it.take(2, 5), it.take(1, 11), it.events]).toEqual([true, false, false, 2]);
  expect(it.take(1, 10)).toBe(true);
});

it('has the room again that was given back', () => {
  const it = outageBuffer();
  it.take(3, 100);
  it.give(2, 60);
  expect([it.take(2, 61), it.take(2, 60), it.events]).toEqual([false, true, 3]);
});

it('counts what can not be turned away', () => {
  const it = outageBuffer();
  it.force(5, 300);
  expect([it.events, it.take(0, 0)]).toEqual([5, false]);
  it.give(5, 300);
  expect(it.take(3, 100)).toBe(true);
});
