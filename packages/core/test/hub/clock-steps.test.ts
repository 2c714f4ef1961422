import { describe, expect, it } from 'vitest';
import { MemoryEventLog } from '../../src/index.ts';
import type { ClockStep } from '../../src/observe.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, outcome, setUp, typesOf } from '../support/world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const BEAT = 25 * SECOND;
const LEASE = 15 * SECOND;
const PUBLISHER_LEASE = 300 * SECOND;

const STEPS = [
  ['set back ten minutes', -10 * MINUTE],
  ['set forward an hour', 60 * MINUTE],
] as const;

const STARTED = { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } } as const;
const THINKING = { type: 'agent_thinking', run_id: 'r1', payload: { delta: '.' } } as const;
const NOTE = { type: 'user_message', payload: { message_id: 'm1', text: 'hello' } } as const;
const COMPLETED = { type: 'agent_completed', run_id: 'r1', payload: { status: 'completed', duration_ms: 1 } } as const;

/** A clock whose event loop reads input after its timers, and before what waits for the end of the turn. */
class ReadingClock extends FakeClock {
  readonly input: (() => void)[] = [];

  override soon(task: () => void): void {
    super.soon(() => {
      for (const read of this.input.splice(0)) read();
      task();
    });
  }
}

/** Two processes on one log and one machine. */
function oneMachine() {
  const clock = new FakeClock();
  const log = new MemoryEventLog();
  const make = () => {
    const door = new LogDoor(log);
    return { door, ...setUp({ log: door, clock }) };
  };
  return { clock, one: make(), other: make() };
}

/** Two processes on one log, on two machines whose clocks agree until one is set. */
function twoMachines() {
  const log = new MemoryEventLog();
  const [one, other] = [setUp({ log, clock: new FakeClock() }), setUp({ log, clock: new FakeClock() })];
  const advance = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += SECOND) {
      await one.clock.advance(SECOND);
      await other.clock.advance(SECOND);
    }
  };
  return { one, other, advance };
}

describe.each(STEPS)('a wall clock that is %s', (_name, step) => {
  it('is noticed, counted and told', async () => {
    const steps: ClockStep[] = [];
    const { hub, clock } = setUp({ onClockStep: (told) => steps.push(told) });
    await clock.advance(MINUTE);
    clock.step(step);
    await clock.advance(SECOND);
    expect(steps).toEqual([{ ms: step }]);
    await clock.advance(MINUTE);
    expect(hub.stats().clockSteps).toBe(1);
  });

  it('goes on with pings, and closes no connection that answers them', async () => {
    const { connected, clock } = setUp();
    const tab = await connected('alice');
    clock.step(step);
    for (let beat = 1; beat <= 5; beat += 1) {
      await clock.advance(BEAT);
      expect(tab.pings).toBe(beat);
      tab.session.heard();
    }
    expect(tab.closedWith).toBeUndefined();
  });

  it('closes a silent peer after two intervals', async () => {
    const { connected, clock } = setUp();
    const tab = await connected('alice');
    clock.step(step);
    await clock.advance(2 * BEAT - 1);
    expect(tab.closedWith).toBeUndefined();
    await clock.advance(1);
    expect(tab.closedWith?.code).toBe(4008);
  });

  it('gives hello its ten seconds, no more and no less', async () => {
    const { accept, clock } = setUp();
    const socket = accept({ authentication: { userId: 'alice' } });
    clock.step(step);
    await clock.advance(9_999);
    expect(socket.closedWith).toBeUndefined();
    await clock.advance(1);
    expect(socket.closedWith?.code).toBe(4008);
  });

  it('does not keep the hub degraded when the log is back', async () => {
    const log = new LogDoor(new MemoryEventLog());
    const { hub, clock } = setUp({ log });
    log.goAway();
    const emitted = hub.manager({ userId: 'alice' }).emit(STARTED);
    await clock.advance(SECOND);
    expect(hub.mode).toBe('degraded');
    clock.step(step);
    log.comeBack();
    await clock.advance(SECOND);
    expect(await outcome(emitted)).toBe('ok');
    expect(await hub.health()).toMatchObject({ ready: true, mode: 'unified', log: { reachable: true } });
  });

  it('rejects an event that waits for the log after its deadline, not earlier', async () => {
    const log = new LogDoor(new MemoryEventLog());
    const { hub, clock } = setUp({ log });
    log.goAway();
    let settled: unknown;
    void outcome(hub.manager({ userId: 'alice' }).emit(STARTED)).then((code) => (settled = code));
    await clock.advance(SECOND);
    clock.step(step);
    await clock.advance(28 * SECOND);
    expect(settled).toBeUndefined();
    await clock.advance(2 * SECOND);
    expect(settled).toBe('EMIT_TIMEOUT');
  });

  it('costs no run of this process', async () => {
    const { clock, one, other } = oneMachine();
    const run = await one.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    await clock.advance(MINUTE);
    clock.step(step);
    await clock.advance(20 * MINUTE);
    await run.complete();
    expect([one, other].map(({ hub }) => hub.stats().interrupted)).toEqual([0, 0]);
  });

  it('costs no run of a publisher that lives', async () => {
    const { clock, one, other } = oneMachine();
    const manager = one.hub.manager({ userId: 'alice' });
    await manager.emit(STARTED);
    await clock.advance(MINUTE);
    clock.step(step);
    for (let i = 0; i < 12; i += 1) {
      await clock.advance(100 * SECOND);
      expect(await outcome(manager.emit(THINKING))).toBe('ok');
    }
    expect(await outcome(manager.emit(COMPLETED))).toBe('ok');
    expect([one, other].map(({ hub }) => hub.stats().interrupted)).toEqual([0, 0]);
  });

  it('costs no run where it is the clock of one machine of two', async () => {
    const { one, other, advance } = twoMachines();
    const run = await one.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    const elsewhere = await other.hub.manager({ userId: 'bob' }).startRun({ agentName: 'a', runId: 'r1' });
    await advance(20 * SECOND);
    one.clock.step(step);
    await advance(12 * MINUTE);
    await run.complete();
    await elsewhere.complete();
    expect([one, other].map(({ hub }) => hub.stats().interrupted)).toEqual([0, 0]);
  });

  it('keeps no run open whose process died before', async () => {
    const { clock, one, other } = oneMachine();
    await one.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    await clock.advance(LEASE);
    one.door.kill();
    clock.step(step);
    await clock.advance(PUBLISHER_LEASE + LEASE);
    expect(await other.hub.manager({ userId: 'alice' }).openRuns()).toEqual([]);
  });

  it('keeps no run open whose process dies after', async () => {
    const { clock, one, other } = oneMachine();
    await one.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    clock.step(step);
    await clock.advance(LEASE);
    one.door.kill();
    await clock.advance(2 * LEASE);
    expect(await other.hub.manager({ userId: 'alice' }).openRuns()).toEqual([]);
  });

  it('is no load and no delay', async () => {
    const delays: number[] = [];
    const { hub, clock, connected } = setUp({
      onTiming: (name, ms) => void (name === 'delivery' && delays.push(ms)),
    });
    await connected('alice');
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(STARTED);
    const emitted = manager.emit(THINKING);
    clock.step(step);
    await clock.advance(SECOND);
    await emitted;
    await manager.emit(COMPLETED);
    await clock.advance(MINUTE);
    expect(hub.mode).toBe('unified');
    expect(delays.every((ms) => ms <= 25)).toBe(true);
  });

  it('changes no duration of a run or a tool call', async () => {
    const { hub, clock } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    const run = await manager.startRun({ agentName: 'a' });
    await run.tool('read', {}, async () => {
      clock.step(step);
      await clock.advance(3 * SECOND);
    });
    await run.complete();
    const { events } = await manager.history();
    expect(events.slice(2).map(({ payload }) => payload)).toMatchObject([
      { duration_ms: 3_000 },
      { duration_ms: 3_000 },
    ]);
  });

  it('changes no duration of a run that fails', async () => {
    const { hub, clock } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    const run = await manager.startRun({ agentName: 'a' });
    clock.step(step);
    await clock.advance(3 * SECOND);
    await run.fail('no');
    expect((await manager.history()).events.at(-1)?.payload).toMatchObject({ duration_ms: 3_000 });
  });

  it('makes no ticket live longer', async () => {
    const { hub, clock } = setUp();
    await hub.tickets.put('k', 'v', 30 * SECOND);
    clock.step(step);
    await clock.advance(30 * SECOND);
    expect(await hub.tickets.take('k')).toBeUndefined();
  });

  it('lets a drain have its time', async () => {
    const { hub, clock, connected } = setUp();
    const tab = await connected('alice');
    tab.stall();
    await hub.manager({ userId: 'alice' }).emit(STARTED);
    let isOver = false;
    void hub.drain({ deadlineMs: 5_000 }).then(() => (isOver = true));
    await clock.advance(SECOND);
    clock.step(step);
    await clock.advance(3 * SECOND);
    expect(isOver).toBe(false);
    await clock.advance(2 * SECOND);
    expect(isOver).toBe(true);
  });
});

describe('retention by age', () => {
  const retention = { maxAgeMs: 30 * MINUTE };

  /** A process that trims: its stream is loaded from the log, and swept once an hour. */
  async function withOldEvent(ageMs: number) {
    const log = new MemoryEventLog();
    const world = setUp({ log, retention });
    const manager = world.hub.manager({ userId: 'alice' });
    await manager.emit(NOTE);
    await world.clock.advance(ageMs);
    const kept = async (): Promise<number> => {
      for (let i = 0; i < 256; i += 1) await manager.emit(NOTE);
      await world.clock.settle();
      return (await manager.history()).oldestOffset;
    };
    return { ...world, kept };
  }

  it.each(STEPS)('deletes nothing early by a clock that is %s', async (_name, step) => {
    const { clock, kept } = await withOldEvent(5 * MINUTE);
    clock.step(step);
    expect(await kept()).toBe(1);
    await clock.advance(24 * MINUTE);
    expect(await kept()).toBe(1);
  });

  it.each(STEPS)('deletes nothing early by a clock that is %s, and set right after a while', async (_name, step) => {
    const { clock, kept } = await withOldEvent(5 * MINUTE);
    clock.step(step);
    await clock.advance(10 * MINUTE);
    expect(await kept()).toBe(1);
    clock.step(-step);
    await clock.advance(5 * MINUTE);
    expect(await kept()).toBe(1);
  });

  it('goes by the new clock when everything that the old one stamped is old enough', async () => {
    const { clock, kept } = await withOldEvent(5 * MINUTE);
    clock.step(60 * MINUTE);
    await clock.advance(31 * MINUTE);
    expect(await kept()).toBeGreaterThan(1);
  });
});

describe('a credential', () => {
  /** A tab whose credential expires in so many milliseconds, and which can bring a fresh one. */
  async function expiring(inMs: number) {
    const world = setUp();
    const { clock } = world;
    const authenticate = () => Promise.resolve({ userId: 'alice', expiresAt: clock.now() + 60 * MINUTE });
    const tab = await world.connected('alice', {}, { expiresAt: clock.now() + inMs, authenticate });
    const answeringPings = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += BEAT) {
        await clock.advance(Math.min(BEAT, ms - passed));
        tab.session.heard();
      }
    };
    return { ...world, tab, answeringPings };
  }

  it('that ran out by a step or a suspend has a minute, in which a fresh one keeps the connection', async () => {
    const { clock, tab, answeringPings } = await expiring(10 * MINUTE);
    clock.step(60 * MINUTE);
    await clock.advance(SECOND);
    expect(framesOf(tab, 'auth_expiring')).toHaveLength(1);
    await answeringPings(50 * SECOND);
    expect(tab.closedWith).toBeUndefined();
    tab.say({ type: 'auth', token: 'fresh' });
    await answeringPings(50 * MINUTE);
    expect(tab.closedWith).toBeUndefined();
  });

  it('that ran out by a step ends the connection after that minute, also where the clock goes on being set', async () => {
    const { clock, tab, answeringPings } = await expiring(10 * MINUTE);
    clock.step(60 * MINUTE);
    await answeringPings(30 * SECOND);
    clock.step(60 * MINUTE);
    await answeringPings(32 * SECOND);
    expect(tab.closedWith?.code).toBe(4001);
  });

  it('is good for as long as the wall clock says, where that was set back', async () => {
    const { clock, tab, answeringPings } = await expiring(10 * MINUTE);
    clock.step(-10 * MINUTE);
    await answeringPings(18 * MINUTE);
    expect(typesOf(tab)).toEqual(['connection_ready']);
    await answeringPings(2 * MINUTE);
    expect(typesOf(tab)).toContain('auth_expiring');
    await answeringPings(SECOND);
    expect(tab.closedWith?.code).toBe(4001);
  });
});

describe('an approval', () => {
  it('asked for here never waits longer than it was asked to, and not beyond the moment that was told', async () => {
    for (const [step, waitedMs] of [
      [-10 * MINUTE, 5 * MINUTE],
      [60 * MINUTE, SECOND],
    ] as const) {
      const { hub, clock } = setUp();
      const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a' });
      const decided = run.requestApproval({ toolName: 'rm', args: {}, timeoutMs: 5 * MINUTE });
      await clock.settle();
      clock.step(step);
      await clock.advance(waitedMs);
      expect(await decided).toMatchObject({ approved: false });
    }
  });

  it('asked for by a publisher waits until the moment that it named', async () => {
    const { hub, clock } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(STARTED);
    const asked = { tool_call_id: 'c1', tool_name: 'rm', args: {}, expires_at: clock.now() + 4 * MINUTE };
    await manager.emit({ type: 'tool_approval_requested', run_id: 'r1', payload: asked });
    const pending = async () => (await manager.openRuns())[0]?.pendingApprovals.length;
    clock.step(-3 * MINUTE);
    await clock.advance(4 * MINUTE);
    expect(await pending()).toBe(1);
    clock.step(60 * MINUTE);
    await clock.advance(SECOND);
    expect(await pending()).toBe(0);
  });
});

describe('a process that stood still, with a wall clock that went on', () => {
  it('asks its peers once more before it takes them for dead', async () => {
    const { connected, clock } = setUp();
    const tab = await connected('alice');
    clock.stall(10 * MINUTE);
    await clock.advance(BEAT - 1);
    expect([tab.closedWith, tab.pings]).toEqual([undefined, 1]);
    tab.session.heard();
    await clock.advance(BEAT);
    expect(tab.closedWith).toBeUndefined();
  });

  it('reads what has arrived before it judges a deadline', async () => {
    const clock = new ReadingClock();
    const { connected } = setUp({ clock });
    const tab = await connected('alice');
    await clock.advance(BEAT);
    clock.stall(10 * MINUTE);
    // The pong to the ping of before.
    clock.input.push(() => tab.session.heard());
    await clock.advance(SECOND);
    expect([tab.pings, tab.closedWith]).toEqual([2, undefined]);
  });

  it('gives publishers time to be heard before it ends their runs', async () => {
    const { hub, clock } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(STARTED);
    clock.stall(10 * MINUTE);
    await clock.advance(10 * SECOND);
    expect(await outcome(manager.emit(THINKING))).toBe('ok');
    await clock.advance(PUBLISHER_LEASE + LEASE);
    expect(await manager.openRuns()).toEqual([]);
  });
});

describe('the watch of the clocks', () => {
  it('takes the everyday correction of a clock for none', async () => {
    const { hub, clock } = setUp();
    for (let i = 0; i < 20; i += 1) {
      clock.step(i % 2 === 0 ? 900 : -900);
      await clock.advance(SECOND);
    }
    expect(hub.stats().clockSteps).toBe(0);
  });
});
