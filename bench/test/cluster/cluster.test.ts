import { createClient, type Client } from '@ws/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chaos, SERVER_SETTINGS } from '../../src/chaos/chaos.ts';
import { DEMO } from '../../src/server/server-process.ts';
import { offsetsOf } from '../../src/chaos/history.ts';
import { LocalCluster } from '../../src/cluster/local-cluster.ts';
import { ticketFor, tokenFor } from '../../src/server/service-api.ts';
import { outage } from '../../src/chaos/outage.ts';
import { Watcher } from '../../src/chaos/watcher.ts';
import { isRedisMissing } from '../support/redis-missing.ts';
import { until } from '@ws/test-support';

/** Of a user's connections. Connections that are lost and not yet noticed count, too, so it leaves room for those. */
const LIMIT = 8;

let cluster: LocalCluster;
const clients: Client[] = [];

/** A client that is connected to one server. */
async function connected(node: number, userId: string): Promise<Watcher> {
  const url = urlOf(node);
  const watcher = new Watcher({ url, userId, token: await tokenFor(url, userId) });
  clients.push(watcher.client);
  watcher.client.connect();
  await until(() => expect(watcher.client.state.status).toBe('live'));
  return watcher;
}

const ofType = ({ history }: Watcher, type: string) => history.filter((event) => event.type === type);

const urlOf = (node: number): string => cluster.nodeUrls[node] ?? '';

describe.skipIf(isRedisMissing)('server processes on one Redis', () => {
  beforeAll(async () => {
    const env = { ...SERVER_SETTINGS, WS_MAX_CONNECTIONS_PER_USER: String(LIMIT), WS_RUN_LEASE_MS: '1500' };
    cluster = await LocalCluster.start({ program: DEMO, env, fsync: 'always' });
  }, 60_000);
  afterAll(() => cluster.stop());
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  test('a ticket given by one opens a connection to another, once', async () => {
    const client = createClient({ url: async () => `${urlOf(0)}/ws?ticket=${await ticketFor(urlOf(1), 'tickets')}` });
    clients.push(client);
    client.connect();
    await until(() => expect(client.state.status).toBe('live'));
    const ticket = await ticketFor(urlOf(1), 'tickets');
    const answers = await Promise.all([0, 1, 2].map((node) => readWithTicket(node, 'tickets', ticket)));
    expect(answers.toSorted()).toEqual([200, 401, 401]);
  });

  test('a run that one of them works on is cancelled through another', async () => {
    const [a, b] = [await connected(0, 'cancels'), await connected(1, 'cancels')];
    const { runId = '' } = await a.client.sendMessage({ text: 'Where is the manager factory defined?' });
    await until(() => expect(ofType(b, 'agent_thinking')).not.toEqual([]));
    await b.client.cancelRun(runId);
    for (const watcher of [a, b]) {
      await until(() =>
        expect(ofType(watcher, 'agent_completed')).toMatchObject([{ payload: { status: 'cancelled' } }]),
      );
    }
  });

  test('over the limit the oldest connection is closed, whichever server has it', async () => {
    const first = await connected(0, 'limited');
    const others: Watcher[] = [];
    for (let n = 0; n < LIMIT; n += 1) others.push(await connected(1 + (n % 2), 'limited'));
    await until(() => expect(first.client.state).toMatchObject({ status: 'closed', code: 4509 }));
    for (const { client } of others) expect(client.state.status).toBe('live');
  });

  test('a run whose server was killed is ended as interrupted by another, once; its user goes on elsewhere', async () => {
    const [a, b] = [await connected(0, 'killed'), await connected(1, 'killed')];
    const { runId } = await a.client.sendMessage({ text: 'Where is the manager factory defined?' });
    await until(() => expect(ofType(b, 'agent_thinking')).not.toEqual([]));
    await cluster.killNode(0);
    await until(() => expect(ofType(b, 'agent_completed')).toHaveLength(1));
    expect(ofType(b, 'agent_completed')).toMatchObject([{ run_id: runId, payload: { status: 'interrupted' } }]);
    await cluster.startNode(0);
    await until(() => expect(ofType(a, 'agent_completed')).toHaveLength(1));
    // Whatever else sweeps leases has had its turn when a second run has come and gone.
    await b.client.sendMessage({ text: 'help' });
    await until(() => expect(ofType(b, 'agent_completed')).toHaveLength(2), 30_000);
    await until(() => expect(ofType(a, 'agent_completed')).toHaveLength(2));
    expect(offsetsOf(a.history)).toEqual(offsetsOf(b.history));
    expect(offsetsOf(a.history)).toEqual(Array.from({ length: a.client.position?.offset ?? 0 }, (_, n) => n + 1));
  });

  test('Redis that lost its data: servers say so, clients are reset, and what is accepted from then on is whole', async () => {
    const result = await outage(cluster, { kind: 'lost its data', awayMs: 1_000, users: 6 });
    expect(result.violations).toEqual([]);
    expect(result.accepted).toBeGreaterThan(result.acceptedBefore);
  });

  test(
    'whatever goes wrong, every client ends with what was accepted, in order, once',
    { timeout: 120_000 },
    async () => {
      const told: string[] = [];
      const options = { minutes: 0.1, outageSeconds: 0, clients: 40, rate: 60, nodes: 3, seed: 5, pace: 3 };
      const { violations, faults, published, runsAsked } = await chaos(cluster, options, (line) => told.push(line));
      expect(violations.join('\n'), told.join('\n')).toBe('');
      for (const kind of ['kill', 'drain', 'redis restart', 'redis freeze', 'cut', 'stall']) {
        expect(faults[kind]).toBeGreaterThan(0);
      }
      expect(published).toBeGreaterThan(100);
      expect(runsAsked).toBeGreaterThan(0);
    },
  );
});

/** Status of a read with nothing but a ticket. */
async function readWithTicket(node: number, userId: string, ticket: string): Promise<number> {
  const response = await fetch(`${urlOf(node)}/v1/users/${userId}/events?ticket=${ticket}`);
  await response.arrayBuffer();
  return response.status;
}
