import { describe, expect, it } from 'vitest';
import { WebSocketError } from '@ws/types';
import { TimerWheel } from '../../src/hub/timer-wheel.ts';
import type { MaybePromise } from '../../src/log.ts';
import { LogGate } from '../../src/modes/log-gate.ts';
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
  const gate = new LogGate({ log, wheel, onLost, onBack });
  const passed = (): { is: boolean } => {
    const state = { is: false };
    void gate.whenOpen().then(() => (state.is = true));
    return state;
  };
  return { clock, gate, said, passed, probes: () => probes };
}

describe('the gate before a log', () => {
  it('is open, and lets everybody through', async () => {
    const { gate, passed, clock, probes } = gateOf(() => true);
    const visitor = passed();
    await clock.advance(5_000);
    expect([gate.isOpen, visitor.is, probes()]).toEqual([true, true, 0]);
  });

  it.each(['LOG_UNAVAILABLE', 'LOG_FULL'] as const)('closes at the first %s, and says so once', async (code) => {
    const { gate, said, passed, clock } = gateOf(() => false);
    const fault = new WebSocketError(code, 'no');
    expect([gate.isOutage(fault), gate.isOutage(fault)]).toEqual([true, true]);
    const visitor = passed();
    await clock.advance(3_000);
    expect(gate.isOutage(fault)).toBe(true);
    expect([gate.isOpen, visitor.is, said]).toEqual([false, false, ['lost: no']]);
  });

  it('stays open at faults that do not pass', () => {
    const { gate, said } = gateOf(() => true);
    const faults = [new WebSocketError('LOG_CORRUPT', 'x'), new WebSocketError('LOG_CLOSED', 'x'), new Error('x'), 7];
    expect(faults.map((fault) => gate.isOutage(fault))).toEqual([false, false, false, false]);
    expect([gate.isOpen, said]).toEqual([true, []]);
  });

  it('opens after two good probes in a row, a quarter of a second apart, and not before', async () => {
    const { gate, said, passed, clock, probes } = gateOf(() => true);
    gate.isOutage(gone);
    const visitors = [passed(), passed()];
    await clock.advance(300);
    expect([gate.isOpen, probes()]).toEqual([false, 1]);
    await clock.advance(250);
    expect([gate.isOpen, probes(), visitors.map(({ is }) => is)]).toEqual([true, 2, [true, true]]);
    expect(said).toEqual(['lost: gone', 'back: the test log is back']);
    await clock.advance(5_000);
    expect(probes()).toBe(2);
  });

  it('counts good probes anew after a bad one, and after a fault in between', async () => {
    const answers = [true, false, true, true];
    const { gate, clock, probes } = gateOf(() => answers.shift() ?? true);
    gate.isOutage(gone);
    await clock.advance(800);
    expect([gate.isOpen, probes()]).toEqual([false, 3]);
    gate.isOutage(gone);
    await clock.advance(250);
    expect(gate.isOpen).toBe(false);
    await clock.advance(250);
    expect(gate.isOpen).toBe(true);
  });

  it('can close again', async () => {
    const { gate, said, clock } = gateOf(() => true);
    gate.isOutage(gone);
    await clock.advance(1_000);
    gate.isOutage(gone);
    await clock.advance(1_000);
    expect(said.map((line) => line.slice(0, 4))).toEqual(['lost', 'back', 'lost', 'back']);
  });

  it('lets go of those who wait when it is stopped, and probes no more', async () => {
    let answer: (healthy: boolean) => void = () => undefined;
    const { gate, said, passed, clock, probes } = gateOf(() => new Promise((resolve) => (answer = resolve)));
    gate.stop();
    gate.isOutage(gone);
    await clock.advance(300);
    const visitor = passed();
    gate.stop();
    // The answer of a probe that was under way comes too late to open anything.
    answer(true);
    await clock.advance(2_000);
    expect([visitor.is, probes(), said]).toEqual([true, 1, ['lost: gone']]);
  });
});
