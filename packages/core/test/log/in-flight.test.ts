import { expect, test } from 'vitest';
import { InFlight } from '../../src/log/in-flight.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const silences: number[] = [];
  const timeoutFault = () => new Error('too late');
  const onSilence = () => silences.push(clock.monotonic());
  return { clock, silences, inFlight: new InFlight({ clock, timeoutMs: 100, timeoutFault, onSilence }) };
}

const never = () => new Promise<never>(() => undefined);

test('an operation settles as what it waits for does', async () => {
  const { inFlight } = setUp();
  await expect(inFlight.watch(async () => 5)).resolves.toBe(5);
  await expect(inFlight.watch(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('each has the whole time, and fails after that', async () => {
  const { clock, inFlight } = setUp();
  const outcomes: string[] = [];
  const watch = (name: string) => inFlight.watch(never).catch(() => outcomes.push(name));
  void watch('first');
  await clock.advance(60);
  void watch('second');
  await clock.advance(41);
  expect(outcomes).toEqual(['first']);
  await clock.advance(58);
  expect(outcomes).toEqual(['first']);
  await clock.advance(2);
  expect(outcomes).toEqual(['first', 'second']);
});

test('silence is when nothing at all was answered', async () => {
  const { clock, inFlight, silences } = setUp();
  inFlight.watch(never).catch(() => undefined);
  await clock.advance(50);
  await inFlight.watch(async () => 1);
  await clock.advance(51);
  expect(silences).toEqual([]);
  inFlight.watch(never).catch(() => undefined);
  await clock.advance(101);
  expect(silences).toHaveLength(1);
});

test('idle is when all have settled, in whatever way', async () => {
  const { clock, inFlight } = setUp();
  let isIdle = false;
  inFlight.watch(never).catch(() => undefined);
  const idle = inFlight.idle().then(() => (isIdle = true));
  await clock.advance(50);
  expect(isIdle).toBe(false);
  await clock.advance(51);
  await idle;
  await inFlight.idle();
});

test('a connection that is gone fails what waits at once, and nothing that comes later', async () => {
  const { inFlight } = setUp();
  const waiting = inFlight.watch(never);
  inFlight.failAll(() => new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await inFlight.idle();
  await expect(inFlight.watch(async () => 5)).resolves.toBe(5);
});
