import { describe, expect, it } from 'vitest';
import { createHub, MemoryEventLog } from '../../src/index.ts';
import { countingIds, FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';

async function runInAnOutage() {
  const clock = new FakeClock();
  const log = new LogDoor(new MemoryEventLog());
  const hub = createHub({ clock, log, ids: countingIds(), tuning: { cancelGraceMs: 5_000 } });
  const manager = hub.manager({ userId: 'alice' });
  const run = await manager.startRun({ agentName: 'analyst', runId: 'r1' });
  log.goAway();
  // The event is held. Its agent does not wait for it.
  const call = run.emit('tool_executing', { tool_call_id: 'c1', tool_name: 'read_file', args: {} });
  call.catch(() => undefined);
  await clock.settle();
  const told = async () => {
    const { events } = await manager.history();
    return events.map(({ type, payload }) => [type, payload['status'] ?? payload['tool_call_id'] ?? 'r1']);
  };
  return { clock, log, hub, manager, run, told };
}

const WHOLE = (status: string) => [
  ['agent_started', 'r1'],
  ['tool_executing', 'c1'],
  ['tool_completed', 'c1'],
  ['agent_completed', status],
];

describe('a run that ends while the log is away, with a tool call that is held', () => {
  it('ends behind the held call when its agent fails it', async () => {
    const { clock, log, run, told } = await runInAnOutage();
    const failed = run.fail('no such file');
    await clock.settle();
    log.comeBack();
    await clock.advance(2_000);
    await failed;
    expect(await told()).toEqual(WHOLE('failed'));
  });

  it('ends behind the held call when its user cancelled it and its agent does nothing', async () => {
    const { clock, log, manager, told } = await runInAnOutage();
    await manager.cancelRun('r1');
    await clock.advance(6_000);
    log.comeBack();
    await clock.advance(2_000);
    expect(await told()).toEqual(WHOLE('cancelled'));
  });

  it('does not keep its process from going away', async () => {
    const { clock, hub } = await runInAnOutage();
    let isClosed = false;
    void hub.close().then(() => (isClosed = true));
    await clock.advance(60_000);
    expect(isClosed).toBe(true);
  });
});

describe('a held event that was refused when its time was over', () => {
  it('says nothing about those that follow in the same outage', async () => {
    const clock = new FakeClock();
    const log = new LogDoor(new MemoryEventLog());
    const hub = createHub({ clock, log, ids: countingIds(), outage: { emitDeadlineMs: 10_000 } });
    const manager = hub.manager({ userId: 'alice' });
    await manager.startRun({ agentName: 'analyst', runId: 'r0' });
    log.goAway();
    const first = manager.startRun({ agentName: 'analyst', runId: 'r1' });
    const refused = expect(first).rejects.toMatchObject({ code: 'EMIT_TIMEOUT' });
    await clock.advance(11_000);
    await refused;
    const again = manager.startRun({ agentName: 'analyst', runId: 'r1' });
    again.catch(() => undefined);
    await clock.settle();
    log.comeBack();
    await clock.advance(2_000);
    await again;
    expect((await manager.position()).offset).toBe(2);
  });
});

describe('a run whose end could not be written in time', () => {
  async function untilTooLate(end: 'its agent is done' | 'its user cancels') {
    const clock = new FakeClock();
    const log = new LogDoor(new MemoryEventLog());
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const hub = createHub({ clock, log, ids: countingIds(), outage: { emitDeadlineMs: 10_000 }, onError });
    const manager = hub.manager({ userId: 'alice' });
    const run = await manager.startRun({ agentName: 'analyst', runId: 'r1' });
    log.goAway();
    if (end === 'its user cancels') await manager.cancelRun('r1');
    else void run[Symbol.asyncDispose]().catch(onError);
    await clock.advance(60_000);
    expect(errors[0]).toMatchObject({ code: 'EMIT_TIMEOUT' });
    log.comeBack();
    await clock.advance(30_000);
    return (await manager.history()).events.map(({ type, payload }) => [type, payload['status']]);
  }

  it.each([
    ['failed', 'its agent is done'],
    ['cancelled', 'its user cancels'],
  ] as const)('is ended as %s when the log is back, where %s', async (status, end) => {
    expect(await untilTooLate(end)).toEqual([
      ['agent_started', undefined],
      ['agent_completed', status],
    ]);
  });
});
