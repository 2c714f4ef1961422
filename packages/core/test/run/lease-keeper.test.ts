import { describe, expect, it } from 'vitest';
import { toRunId, toUserId } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import { parseStreamKey, streamKey } from '../../src/log.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { setUp } from '../support/world.ts';

const LEASE_MS = 15_000;
const PUBLISHER_LEASE_MS = 300_000;

/** Two processes on one log, each with its own clock, so that one can stand still. */
function twoProcesses() {
  const log = new MemoryEventLog();
  const make = () => {
    const door = new LogDoor(log);
    return { door, ...setUp({ log: door, clock: new FakeClock() }) };
  };
  return { log, dying: make(), living: make() };
}

describe('the lease of a run emitted here', () => {
  it('is renewed for as long as the process lives', async () => {
    const { hub, clock } = setUp();
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a' });
    await clock.advance(10 * LEASE_MS);
    expect(run.ended).toBe(false);
    await run.complete();
    expect(hub.stats().interrupted).toBe(0);
  });

  it('lapses when the process dies: another one ends the run once, open tool calls first', async () => {
    const { dying, living } = twoProcesses();
    const run = await dying.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    await run.emit('tool_executing', { tool_call_id: 'c1', tool_name: 'read', args: {} });
    dying.door.kill();

    await living.clock.advance(LEASE_MS + LEASE_MS / 3 + 500);
    await living.clock.advance(LEASE_MS);

    const { events } = await living.hub.manager({ userId: 'alice' }).history();
    expect(events.map(({ type }) => type)).toEqual([
      'agent_started',
      'tool_executing',
      'tool_completed',
      'agent_completed',
    ]);
    expect(events.at(-1)?.payload).toMatchObject({ status: 'interrupted' });
    expect(living.hub.stats().interrupted).toBe(1);
  });

  it('of the same id and another user is a lease of its own', async () => {
    const { dying, living } = twoProcesses();
    await dying.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    await living.hub.manager({ userId: 'bob' }).startRun({ agentName: 'a', runId: 'r1' });
    dying.door.kill();
    await living.clock.advance(2 * LEASE_MS);
    expect(await living.hub.manager({ userId: 'alice' }).openRuns()).toEqual([]);
    expect(await living.hub.manager({ userId: 'bob' }).openRuns()).toHaveLength(1);
  });

  it('is not kept alive by a process that failed to start a run of the same id', async () => {
    const { dying, living } = twoProcesses();
    await dying.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    const second = living.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    await expect(second).rejects.toMatchObject({ code: 'RUN_ALREADY_STARTED' });
    dying.door.kill();
    await living.clock.advance(2 * LEASE_MS);
    expect(await living.hub.manager({ userId: 'alice' }).openRuns()).toEqual([]);
  });
});

describe('while the log is away', () => {
  /** Two processes that live on one clock, and a log that can go away for both. */
  function twoLiving() {
    const clock = new FakeClock();
    const log = new MemoryEventLog();
    const logs = [new LogDoor(log), new LogDoor(log)] as const;
    return {
      clock,
      logs,
      owner: setUp({ log: logs[0], clock }),
      // Looks for lapsed leases before the owner renews its own.
      other: setUp({ log: logs[1], clock, tuning: { runLeaseMs: LEASE_MS - 3_000 } }),
    };
  }

  it('no lease can be renewed, and when it is back nobody is interrupted for that', async () => {
    const { clock, logs, owner, other } = twoLiving();
    const run = await owner.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    await clock.advance(1_000);
    for (const log of logs) log.goAway();
    await clock.advance(4 * LEASE_MS);
    for (const log of logs) log.comeBack();
    await clock.advance(4 * LEASE_MS);
    await run.complete();
    expect([owner, other].map(({ hub }) => hub.stats().interrupted)).toEqual([0, 0]);
    expect([...owner.errors, ...other.errors]).toEqual([]);
  });

  it('a process may die: its runs are ended when the others had time to renew theirs', async () => {
    const { clock, logs, owner, other } = twoLiving();
    await owner.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    for (const log of logs) log.goAway();
    await clock.advance(2 * LEASE_MS);
    logs[1].comeBack();
    await clock.advance(3 * LEASE_MS);
    expect(await other.hub.manager({ userId: 'alice' }).openRuns()).toEqual([]);
    expect(other.hub.stats().interrupted).toBe(1);
  });
});

describe('the lease of a run published from outside', () => {
  it('is renewed by its events, and lapses when they stop', async () => {
    const { hub, clock } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } });
    for (let i = 0; i < 4; i += 1) {
      await clock.advance(PUBLISHER_LEASE_MS / 2);
      await manager.emit({ type: 'agent_thinking', run_id: 'r1', payload: { delta: '.' } });
    }
    expect(await manager.openRuns()).toHaveLength(1);
    await clock.advance(PUBLISHER_LEASE_MS + LEASE_MS);
    expect(await manager.openRuns()).toEqual([]);
    expect((await manager.history()).events.at(-1)?.payload).toMatchObject({ status: 'interrupted' });
  });
});

describe('a run that another process ends', () => {
  it('has no lease any more that this one would renew for ever', async () => {
    const clock = new FakeClock();
    const log = new MemoryEventLog();
    const [owner, other] = [setUp({ log, clock }), setUp({ log, clock })];
    const run = await owner.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    await other.hub.manager({ userId: 'alice' }).cancelRun('r1');
    await clock.advance(LEASE_MS);
    expect(run.ended).toBe(true);
    expect(log.leases.expired(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });
});

describe('sweeping', () => {
  it('goes on after a run that can not be ended', async () => {
    const { dying, living } = twoProcesses();
    await dying.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    await dying.hub.manager({ userId: 'bob' }).startRun({ agentName: 'a', runId: 'r1' });
    dying.door.kill();
    const read = living.door.read.bind(living.door);
    living.door.read = (stream, ...rest) => {
      if (parseStreamKey(stream).userId === 'alice') throw new Error('this stream is damaged');
      return read(stream, ...rest);
    };
    await living.clock.advance(2 * LEASE_MS);
    expect(await living.hub.manager({ userId: 'bob' }).openRuns()).toEqual([]);
    expect(living.errors).not.toEqual([]);
  });

  it('passes over leases of runs that ended', async () => {
    const { log, living } = twoProcesses();
    const run = await living.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    const leases = log.leases.expired(Number.MAX_SAFE_INTEGER, 10);
    await run.complete();
    await log.leases.set(await leases);
    await living.clock.advance(2 * LEASE_MS);
    expect(log.leases.expired(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    expect(living.hub.stats().interrupted).toBe(0);
  });
});

describe('a lease that the log lost', () => {
  const lost = { stream: streamKey(toUserId('alice')), runId: toRunId('r1') };

  it('is made again for a run in memory, which ends when it is not renewed', async () => {
    const { log, dying, living } = twoProcesses();
    await dying.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    const manager = living.hub.manager({ userId: 'alice' });
    living.connect('alice');
    expect(await manager.openRuns()).toHaveLength(1);
    dying.door.kill();
    await log.leases.delete([lost]);
    await living.clock.advance(PUBLISHER_LEASE_MS / 3 + LEASE_MS);
    expect(await manager.openRuns()).toHaveLength(1);
    await living.clock.advance(PUBLISHER_LEASE_MS + LEASE_MS);
    expect(await manager.openRuns()).toEqual([]);
    expect(living.hub.stats().interrupted).toBe(1);
  });

  it('costs a run nothing whose process lives on', async () => {
    const { log, dying, living } = twoProcesses();
    const run = await dying.hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    living.connect('alice');
    await log.leases.delete([lost]);
    for (let n = 0; n < 60; n += 1) {
      await dying.clock.advance(LEASE_MS);
      await living.clock.advance(LEASE_MS);
    }
    expect(run.ended).toBe(false);
    await run.complete();
    expect(living.hub.stats().interrupted).toBe(0);
  });
});
