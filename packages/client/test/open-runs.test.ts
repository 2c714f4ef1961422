import { expect, it } from 'vitest';
import { FakeServer } from './support/fake-server.ts';
import { connected } from './support/setup.ts';

const run = { run_id: 'r1' };
const approval = { tool_call_id: 'c1', tool_name: 'pay', args: {}, expires_at: 5 };

it('knows the open runs and what they wait for', async () => {
  const { client, server } = await connected();
  const told: number[] = [];
  client.on('openRuns', (runs) => told.push(runs.length));
  server.emit('agent_started', { agent_name: 'analyst' }, run);
  expect(client.openRuns).toEqual([{ run_id: 'r1', agent_name: 'analyst', started_offset: 1, pending_approvals: [] }]);
  server.emit('tool_approval_requested', approval, run);
  expect(client.openRuns[0]?.pending_approvals).toEqual([approval]);
  const before = client.openRuns;
  server.emit('agent_thinking', { delta: 'x' }, run);
  expect(client.openRuns).toBe(before);
  server.emit('tool_approval_resolved', { tool_call_id: 'c1', approved: true }, run);
  expect(client.openRuns[0]?.pending_approvals).toEqual([]);
  server.emit('agent_completed', { status: 'completed', duration_ms: 1 }, run);
  expect(client.openRuns).toEqual([]);
  expect(told).toEqual([1, 1, 1, 0]);
});

it('believes connection_ready over the replay that follows', async () => {
  const server = new FakeServer();
  server.append('agent_started', { agent_name: 'old' }, run);
  server.append('agent_completed', { status: 'completed', duration_ms: 1 }, run);
  server.append('agent_started', { agent_name: 'analyst' }, { run_id: 'r2' });
  const open = { run_id: 'r2', agent_name: 'analyst', started_offset: 3, pending_approvals: [] };
  server.ready = { open_runs: [open] };
  const { client } = await connected({ from: 'earliest' }, server);
  expect(client.openRuns).toEqual([open]);
});
