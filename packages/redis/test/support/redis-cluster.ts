import { until } from '@ws/test-support';
import { createClient } from 'redis';
import { RedisServer } from './redis-server.ts';

const SLOTS = 16_384;
const READY_WITHIN_MS = 15_000;

/** A Redis Cluster of masters that share the slots evenly. */
export class RedisCluster {
  readonly servers: readonly RedisServer[];
  readonly #replicas: RedisServer[] = [];

  private constructor(servers: readonly RedisServer[]) {
    this.servers = servers;
  }

  static async start(count = 3): Promise<RedisCluster> {
    const servers = await Promise.all(Array.from({ length: count }, startNode));
    const cluster = new RedisCluster(servers);
    const [first] = servers;
    for (const [index, server] of servers.entries()) {
      const from = Math.floor((index * SLOTS) / count);
      const to = Math.floor(((index + 1) * SLOTS) / count) - 1;
      await command(server, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
      if (server !== first) await command(server, 'CLUSTER', 'MEET', '127.0.0.1', String(first?.port));
    }
    await Promise.all(servers.map(untilWhole));
    return cluster;
  }

  get url(): string {
    return this.servers[0]?.url ?? '';
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers, ...this.#replicas].map((server) => server.stop()));
  }

  /** Adds a server that has what a master has. */
  async addReplica(master: RedisServer): Promise<RedisServer> {
    const replica = await startNode();
    this.#replicas.push(replica);
    const id = String(await command(master, 'CLUSTER', 'MYID'));
    await command(replica, 'CLUSTER', 'MEET', '127.0.0.1', String(master.port));
    await until(() => command(replica, 'CLUSTER', 'REPLICATE', id), READY_WITHIN_MS);
    await untilReplicating(replica);
    return replica;
  }
}

function startNode(): Promise<RedisServer> {
  return RedisServer.start(
    ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--appendfsync', 'always'],
    ...['--repl-diskless-sync-delay', '0'],
  );
}

/** Waits until a replica has what its master has. */
export async function untilReplicating(replica: RedisServer): Promise<void> {
  await until(async () => {
    const info = String(await command(replica, 'INFO', 'replication'));
    if (!/master_link_status:up/.test(info)) throw new Error(`the replica has no master yet: ${info}`);
  }, READY_WITHIN_MS);
}

/** A replica becomes the master, whatever the others say. */
export async function takeOver(replica: RedisServer): Promise<void> {
  await until(() => command(replica, 'CLUSTER', 'FAILOVER', 'TAKEOVER'), READY_WITHIN_MS);
  await until(async () => {
    const info = String(await command(replica, 'INFO', 'replication'));
    if (!info.includes('role:master')) throw new Error('it is a replica still');
  }, READY_WITHIN_MS);
}

/** Sends one command to a server, on a connection of its own. */
export async function command(server: RedisServer, ...args: string[]): Promise<unknown> {
  const client = await createClient({ url: server.url }).connect();
  try {
    return await client.sendCommand(args);
  } finally {
    client.destroy();
  }
}

async function untilWhole(server: RedisServer): Promise<void> {
  await until(async () => {
    const info = String(await command(server, 'CLUSTER', 'INFO'));
    if (info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')) return;
    throw new Error(`the cluster did not form: ${info}`);
  }, READY_WITHIN_MS);
}
