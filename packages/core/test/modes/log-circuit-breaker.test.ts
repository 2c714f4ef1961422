import { describe, expect, it } from 'vitest';
import { WebSocketError } from '@ws/types';
import { TimerWheel } from '../../src/timer-wheel.ts';
import type { MaybePromise } from '../../src/log.ts';
import { LogCircuitBreaker } from '../../src/modes/log-circuit-breaker.ts';
import { FakeClock } from '../../src/testing.ts';

const gone = new WebSocketError('LOG_UNAVAILABLE', 'gone');

function gateOf(healthy: () => MaybePromise<boolean>) {
  const clock = new FakeClock();
  const wheel = new TimerWheel(clock);
  const said: string[] = [];
  let probes = 0;
  const log = {
    name: 'test',
    healthy: () => {
      probes += 1;
      return healthy();
    },
  };
  const onLost = (reason: string): void => void said.push(`lost: ${reason}`);
  const onBack = (reason: string): void => void said.push(`back: ${reason}`);
  const breaker = new LogCircuitBreaker({ log, wheel, onLost, onBack });
  const passed = (): { is: boolean } => {
    const state = { is: false };
    void breaker.whenClosed().then(() => (state.is = true));
    return state;
  };
  return { clock, breaker, said, passed, probes: () => probes };
}

describe('the breaker before a log', () => {
  it('is open, and lets everybody through', async () => {
    const { breaker, passed, clock, probes } = gateOf(() => true);
    const visitor = passed();
    await clock.advance(5_000);
    expect([breaker.isClosed, visitor.is, probes()]).toEqual([true, true, 0]);
  });

  it.each(['LOG_UNAVAILABLE', 'LOG_FULL'] as const)('closes at the first %s, and says so once', async (code) => {
    const { breaker, said, passed, clock } = gateOf(() => false);
    const fault = new WebSocketError(code, 'no');
    expect([breaker.isOutage(fault), breaker.isOutage(fault)]).toEqual([true, true]);
    const visitor = passed();
    await clock.advance(3_000);
    expect(breaker.isOutage(fault)).toBe(true);
    expect([breaker.isClosed, visitor.is, said]).toEqual([false, false, ['lost: no']]);
  });

  it('stays open at faults that do not pass', () => {
    const { breaker, said } = gateOf(() => true);
    const faults = [new WebSocketError('LOG_CORRUPT', 'x'), new WebSocketError('LOG_CLOSED', 'x'), new Error('x'), 7];
    expect(faults.map((fault) => breaker.isOutage(fault))).toEqual([false, false, false, false]);
    expect([breaker.isClosed, said]).toEqual([true, []]);
  });

  it('opens after two good probes in a row, a quarter of a second apart, and not before', async () => {
    const { breaker, said, passed, clock, probes } = gateOf(() => true);
    breaker.isOutage(gone);
    const visitors = [passed(), passed()];
    await clock.advance(300);
    expect([breaker.isClosed, probes()]).toEqual([false, 1]);
    await clock.advance(250);
    expect([breaker.isClosed, probes(), visitors.map(({ is }) => is)]).toEqual([true, 2, [true, true]]);
    expect(said).toEqual(['lost: gone', 'back: the test log is back']);
    await clock.advance(5_000);
    expect(probes()).toBe(2);
  });

  it('counts good probes anew after a bad one, and after a fault in between', async () => {
    const answers = [true, false, true, true];
    const { breaker, clock, probes } = gateOf(() => answers.shift() ?? true);
    breaker.isOutage(gone);
    await clock.advance(800);
    expect([breaker.isClosed, probes()]).toEqual([false, 3]);
    breaker.isOutage(gone);
    await clock.advance(250);
    expect(breaker.isClosed).toBe(false);
    await clock.advance(250);
    expect(breaker.isClosed).toBe(true);
  });

  it('can close again', async () => {
    const { breaker, said, clock } = gateOf(() => true);
    breaker.isOutage(gone);
    await clock.advance(1_000);
    breaker.isOutage(gone);
    await clock.advance(1_000);
    expect(said.map((line) => line.slice(0, 4))).toEqual(['lost', 'back', 'lost', 'back']);
  });

  it('lets go of those who wait when it is stopped, and probes no more', async () => {
    let answer: (healthy: boolean) => void = () => undefined;
    const { breaker, said, passed, clock, probes } = gateOf(() => new Promise((resolve) => (answer = resolve)));
    breaker.stop();
    breaker.isOutage(gone);
    await clock.advance(300);
    const visitor = passed();
    breaker.stop();
    // The answer of a probe that was under way comes too late to open anything.
    answer(true);
    await clock.advance(2_000);
    expect([visitor.is, probes(), said]).toEqual([true, 1, ['lost: gone']]);
  });
});
