import { createClient, type Client } from '@ws/client';
import type { ReceivedEvent } from '@ws/types';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LocalCluster } from '../../src/cluster/local-cluster.ts';
import { call, ticketFor, tokenFor } from '../../src/server/service-api.ts';
import { isRedisMissing } from '../support/redis-missing.ts';
import { until } from '../support/until.ts';

let cluster: LocalCluster;
const clients: Client[] = [];

/** A client that is connected to one server, and what it was handed out. */
async function connected(node: number, userId: string, via: 'token' | 'ticket' = 'token') {
  const url = cluster.nodeUrls[node] ?? '';
  const client = createClient({
    url: via === 'token' ? `${url}/ws` : async () => `${url}/ws?ticket=${await ticketFor(otherUrl(node), userId)}`,
    ...(via === 'token' ? { token: () => tokenFor(url, userId) } : {}),
    resume: 'oldest',
    backoff: { minMs: 20, maxMs: 200 },
  });
  clients.push(client);
  const events: ReceivedEvent[] = [];
  client.on('*', (event) => events.push(event));
  client.connect();
  await until(() => expect(client.state.status).toBe('live'));
  return { client, events, ofType: (type: string) => events.filter((event) => event.type === type) };
}

const otherUrl = (node: number): string => cluster.nodeUrls[(node + 1) % cluster.nodeUrls.length] ?? '';

describe.skipIf(isRedisMissing)('server processes on one Redis', () => {
  beforeAll(async () => {
    const env = { WS_MAX_CONNECTIONS_PER_USER: '3', WS_RUN_LEASE_MS: '900', WS_COALESCE_MS: '0' };
    cluster = await LocalCluster.start({ env });
  }, 60_000);
  afterAll(() => cluster.stop());
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  test('a ticket given by one opens a connection to another, once', async () => {
    const { client } = await connected(0, 'tickets', 'ticket');
    expect(client.position).toMatchObject({ offset: 0 });
    const ticket = await ticketFor(cluster.nodeUrls[1] ?? '', 'tickets');
    const read = (node: number) => call(`${cluster.nodeUrls[node]}/v1/users/tickets/events?ticket=${ticket}`);
    // Read without the API key, the ticket is what lets one in.
    const answers = await Promise.all([0, 1, 2].map((node) => readWithTicket(node, 'tickets', ticket)));
    expect(answers.toSorted()).toEqual([200, 401, 401]);
    expect((await read(0)).status).toBe(200);
  });

  test('a run that one of them works on is cancelled through another', async () => {
    const [a, b] = [await connected(0, 'cancels'), await connected(1, 'cancels')];
    const { runId = '' } = await a.client.sendMessage({ text: 'Where is the manager factory defined?' });
    await until(() => expect(b.ofType('agent_thinking')).not.toEqual([]));
    await b.client.cancelRun(runId);
    for (const { ofType } of [a, b]) {
      await until(() => expect(ofType('agent_completed')).toMatchObject([{ payload: { status: 'cancelled' } }]));
    }
  });

  test('over the limit the oldest connection is closed, whichever server has it', async () => {
    const first = await connected(0, 'limited');
    const others = [await connected(1, 'limited'), await connected(2, 'limited'), await connected(2, 'limited')];
    await until(() => expect(first.client.state).toMatchObject({ status: 'closed', code: 4509 }));
    for (const { client } of others) expect(client.state.status).toBe('live');
  });

  test('a run whose server was killed is ended as interrupted by another, once; its user goes on elsewhere', async () => {
    const [a, b] = [await connected(0, 'killed'), await connected(1, 'killed')];
    const { runId } = await a.client.sendMessage({ text: 'Where is the manager factory defined?' });
    await until(() => expect(b.ofType('agent_thinking')).not.toEqual([]));
    await cluster.killNode(0);
    await until(() => expect(b.ofType('agent_completed')).toHaveLength(1));
    expect(b.ofType('agent_completed')).toMatchObject([{ run_id: runId, payload: { status: 'interrupted' } }]);
    await cluster.startNode(0);
    await until(() => expect(a.ofType('agent_completed')).toHaveLength(1));
    // Whatever else sweeps leases has had its turn when a second run has come and gone.
    await b.client.sendMessage({ text: 'help' });
    await until(() => expect(b.ofType('agent_completed')).toHaveLength(2), 30_000);
    await until(() => expect(a.ofType('agent_completed')).toHaveLength(2));
    expect(a.events.map(({ offset }) => offset)).toEqual(b.events.map(({ offset }) => offset));
  });
});

/** Status of a read with nothing but a ticket. */
async function readWithTicket(node: number, userId: string, ticket: string): Promise<number> {
  const response = await fetch(`${cluster.nodeUrls[node]}/v1/users/${userId}/events?ticket=${ticket}`);
  await response.arrayBuffer();
  return response.status;
}
