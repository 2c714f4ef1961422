import { expect, it } from 'vitest';
import { MemoryTickets } from '../../src/shared/memory-tickets.ts';
import { FakeClock } from '../../src/testing.ts';

it('a ticket is taken once', () => {
  const tickets = new MemoryTickets(new FakeClock());
  tickets.put('key', 'alice', 1_000);
  expect([tickets.take('key'), tickets.take('key'), tickets.take('another')]).toEqual(['alice', undefined, undefined]);
});

it('a ticket that is too old is none', async () => {
  const clock = new FakeClock();
  const tickets = new MemoryTickets(clock);
  tickets.put('old', 'alice', 1_000);
  await clock.advance(1_000);
  expect(tickets.take('old')).toBeUndefined();
});

it('there is a bound, and tickets that expired do not count', async () => {
  const clock = new FakeClock();
  const tickets = new MemoryTickets(clock);
  for (let n = 0; n < 100_000; n += 1) tickets.put(`${n}`, 'alice', 1_000);
  expect(() => tickets.put('one more', 'alice', 1_000)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  await clock.advance(1_000);
  tickets.put('one more', 'alice', 1_000);
  expect(tickets.take('one more')).toBe('alice');
});
