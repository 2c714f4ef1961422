import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type UnifiedWebSocketManager } from '../../src/index.ts';
import { setUp } from '../support/world.ts';

async function finishedRun(manager: UnifiedWebSocketManager, runId: string, threadId = 't1') {
  const run = await manager.startRun({ agentName: 'analyst', runId, threadId });
  await run.write('Done. ');
  return run.complete();
}

const note = (manager: UnifiedWebSocketManager) =>
  manager.emit({ type: 'user_message', payload: { message_id: 'm', text: 'hi' } });

describe('the last run of a thread', () => {
  it('is the one that began last, open or ended, with its place in the stream', async () => {
    const manager = setUp().hub.manager({ userId: 'alice' });
    expect(await manager.lastRun('t1')).toBeUndefined();
    const long = await manager.startRun({ agentName: 'analyst', runId: 'long', threadId: 't1' });
    const { epoch } = await note(manager);
    const running = { runId: 'long', threadId: 't1', status: 'running', epoch, firstOffset: 1, lastOffset: 2 };
    expect(await manager.lastRun('t1')).toEqual(running);

    await finishedRun(manager, 'short');
    const short = { ...running, runId: 'short', status: 'completed', firstOffset: 3, lastOffset: 5 };
    expect(await manager.lastRun('t1')).toEqual(short);
    // The one that began before ends after it.
    await long.fail('too late');
    expect(await manager.lastRun('t1')).toEqual(short);
    expect(await manager.lastRun('t2')).toBeUndefined();

    await finishedRun(manager, 'elsewhere', 't2');
    expect(await manager.lastRun('t1')).toEqual(short);
    expect(await manager.lastRun('t2')).toMatchObject({ runId: 'elsewhere', status: 'completed' });
  });

  it('can be read from its beginning', async () => {
    const manager = setUp().hub.manager({ userId: 'alice' });
    await note(manager);
    await finishedRun(manager, 'r1');
    const last = await manager.lastRun('t1');
    if (last === undefined) throw new Error('no run');
    const types: string[] = [];
    for await (const item of manager.follow({ from: { epoch: last.epoch, offset: last.firstOffset - 1 } })) {
      if (item.kind !== 'event') continue;
      types.push(item.event.type);
      if (item.event.offset === last.lastOffset) break;
    }
    expect(types).toEqual(['agent_started', 'agent_response_chunk', 'agent_completed']);
  });

  it('is known after a restart, and after its events were trimmed', async () => {
    const log = new MemoryEventLog();
    const options = { log, retention: { maxEvents: 5 } };
    const before = setUp(options).hub.manager({ userId: 'alice' });
    const open = await before.startRun({ agentName: 'analyst', runId: 'r1', threadId: 't1' });
    await open.complete();
    const { epoch } = await finishedRun(before, 'r2', 't2');
    const first = { runId: 'r1', threadId: 't1', status: 'completed', epoch, firstOffset: 1, lastOffset: 2 };
    expect(await setUp(options).hub.manager({ userId: 'alice' }).lastRun('t1')).toEqual(first);

    for (let n = 0; n < 600; n += 1) await note(before);
    expect((await before.history()).oldestOffset).toBeGreaterThan(5);
    const after = setUp(options).hub.manager({ userId: 'alice' });
    for (const manager of [before, after]) {
      expect(await manager.lastRun('t1')).toEqual(first);
      expect(await manager.lastRun('t2')).toMatchObject({ runId: 'r2', firstOffset: 3, lastOffset: 5 });
    }
  });

  it('that is open is known after its beginning was trimmed', async () => {
    const log = new MemoryEventLog();
    const options = { log, retention: { maxEvents: 5 } };
    const before = setUp(options).hub.manager({ userId: 'alice' });
    const run = await before.startRun({ agentName: 'analyst', runId: 'r1', threadId: 't1' });
    for (let n = 0; n < 600; n += 1) await note(before);
    const after = setUp(options).hub.manager({ userId: 'alice' });
    expect(await after.lastRun('t1')).toMatchObject({ status: 'running', firstOffset: 1, lastOffset: 601 });
    await run.complete();
    expect(await before.lastRun('t1')).toMatchObject({ status: 'completed', firstOffset: 1, lastOffset: 602 });
  });

  it('is forgotten when the user has had a thousand others', async () => {
    const manager = setUp().hub.manager({ userId: 'alice' });
    await finishedRun(manager, 'first');
    for (let n = 0; n < 999; n += 1) await finishedRun(manager, `r${n}`, 't2');
    expect(await manager.lastRun('t1')).toMatchObject({ runId: 'first' });
    await finishedRun(manager, 'one-more', 't2');
    expect(await manager.lastRun('t1')).toBeUndefined();
  });

  it('of an isolated thread is its own', async () => {
    const { hub } = setUp();
    const bound = hub.manager({ userId: 'alice', threadId: 't1', mode: 'isolated' });
    await finishedRun(hub.manager({ userId: 'alice' }), 'outside');
    const run = await bound.startRun({ agentName: 'inside', runId: 'inside' });
    expect(await bound.lastRun('t1')).toMatchObject({ runId: run.runId, status: 'running' });
  });

  it('needs an id of a thread', async () => {
    await expect(setUp().hub.manager({ userId: 'alice' }).lastRun('')).rejects.toMatchObject({ code: 'INVALID_ID' });
  });
});
