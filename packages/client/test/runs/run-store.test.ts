import { describe, expect, it } from 'vitest';
import { createRunStore } from '../../src/runs/run-store.ts';
import { FakeServer } from '../support/fake-server.ts';
import { connected, setup } from '../support/setup.ts';
import { settle } from '../support/settle.ts';

describe('createRunStore', () => {
  it('follows a client', async () => {
    const { client, server } = await connected();
    const store = createRunStore(client);
    let changes = 0;
    const off = store.subscribe(() => (changes += 1));
    expect(store.getSnapshot()).toBe(store.getSnapshot());
    server.emit('agent_started', { agent_name: 'a' }, { run_id: 'r1' });
    server.emit('agent_thinking', { delta: 'hm' }, { run_id: 'r1' });
    server.emit('of_no_run', {});
    expect(store.get('r1')).toMatchObject({ thinking: 'hm', status: 'running' });
    const before = store.getSnapshot();
    expect(before).toEqual([store.get('r1')]);
    expect(changes).toBe(2);
    server.emit('agent_started', { agent_name: 'b' }, { run_id: 'r2' });
    expect([before.length, store.getSnapshot().length]).toEqual([1, 2]);
    off();
    store.close();
    server.emit('agent_thinking', { delta: '!' }, { run_id: 'r1' });
    expect(store.get('r1')?.thinking).toBe('hm');
    expect(changes).toBe(3);
  });

  it('knows the runs that were open before the page was loaded', async () => {
    const server = new FakeServer();
    const approval = { tool_call_id: 'c1', tool_name: 'pay', args: {}, expires_at: 9 };
    server.ready = {
      open_runs: [{ run_id: 'r1', agent_name: 'a', started_offset: 1, pending_approvals: [approval] }],
    };
    const { client } = setup({}, server);
    const store = createRunStore(client);
    client.connect();
    await settle();
    expect(store.getSnapshot()).toMatchObject([{ run_id: 'r1', pending_approvals: [approval] }]);
    expect(createRunStore(client).getSnapshot()).toMatchObject([{ run_id: 'r1' }]);
  });

  it('has the runs oldest first, also one that was open before older ones were replayed', async () => {
    const server = new FakeServer();
    server.ready = { open_runs: [{ run_id: 'r3', agent_name: 'a', started_offset: 3, pending_approvals: [] }] };
    const { client } = setup({}, server);
    const store = createRunStore(client, { maxRuns: 3 });
    client.connect();
    await settle();
    const runIds = () => store.getSnapshot().map(({ run_id }) => run_id);
    for (const run_id of ['r1', 'r2']) server.emit('agent_started', { agent_name: 'a' }, { run_id });
    expect(runIds()).toEqual(['r1', 'r2', 'r3']);
    for (const run_id of ['r3', 'r1']) {
      server.emit('agent_completed', { status: 'completed', duration_ms: 1 }, { run_id });
    }
    server.emit('agent_started', { agent_name: 'a' }, { run_id: 'r4' });
    // The oldest that has ended goes.
    expect(runIds()).toEqual(['r2', 'r3', 'r4']);
  });

  it('starts over on a reset, from the snapshots', async () => {
    const { client, server, clock } = await connected();
    const store = createRunStore(client);
    server.emit('agent_started', { agent_name: 'a' }, { run_id: 'r1' });
    server.loseLog();
    const state = { agent_name: 'b', status: 'running', thinking: 'so far', response: '', tools: [] };
    server.snapshots = [{ type: 'run_snapshot', run_id: 'r2', offset: 0, state }];
    server.connection.close(1006);
    await clock.advance(500);
    server.emit('agent_thinking', { delta: ' so good' }, { run_id: 'r2' });
    expect(store.getSnapshot()).toMatchObject([{ run_id: 'r2', thinking: 'so far so good' }]);
  });

  it('forgets on a new connection what was volatile: it comes from the log, joined with what followed', async () => {
    const { client, server, clock } = await connected();
    const store = createRunStore(client);
    server.emit('agent_started', { agent_name: 'a' }, { run_id: 'r1' });
    const volatile = (event_id: string, delta: string) =>
      server.connection.send({
        type: 'agent_thinking',
        event_id,
        run_id: 'r1',
        timestamp: 1,
        payload: { delta },
        volatile: true,
      });
    volatile('v1', 'Let me ');
    volatile('v2', 'see');
    expect(store.get('r1')?.thinking).toBe('Let me see');
    server.connection.close(1006);
    await clock.advance(500);
    expect(store.get('r1')?.thinking).toBe('');
    server.emit('agent_thinking', { delta: 'Let me see. Yes' }, { run_id: 'r1' });
    expect(store.get('r1')?.thinking).toBe('Let me see. Yes');
  });

  it('keeps a bounded number of runs, and every open one', async () => {
    const { client, server } = await connected();
    const store = createRunStore(client, { maxRuns: 2 });
    for (const run_id of ['open', 'r1', 'r2', 'r3']) {
      server.emit('agent_started', { agent_name: 'a' }, { run_id });
      if (run_id !== 'open') server.emit('agent_completed', { status: 'completed', duration_ms: 1 }, { run_id });
    }
    expect(store.getSnapshot().map(({ run_id }) => run_id)).toEqual(['open', 'r3']);
  });
});
