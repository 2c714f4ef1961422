import type { LogRollback } from '@ws/conformance';
import type { EventLog } from '@ws/core';
import { streamKey } from '@ws/core/log';
import { event, until } from '@ws/test-support';
import { toUserId } from '@ws/types';
import { expect } from 'vitest';
import type { RedisLogOptions } from '../../src/index.ts';
import { command, untilReplicating } from './redis-cluster.ts';
import { RedisServer } from './redis-server.ts';

const SYNCED = ['--appendfsync', 'always', '--repl-diskless-sync-delay', '0'];
const PREFIX = 'rollback:';
/** A stream that is used while another server is the master. */
const BUSY = streamKey(toUserId('carol'));

type Open = (options: RedisLogOptions) => Promise<EventLog>;

/** What a rollback does with the servers; the first is the master, the others are its replicas. Answers the log to go on with. */
interface Scenario {
  readonly name: string;
  readonly replicas: number;
  readonly begin: (servers: readonly RedisServer[]) => Promise<void>;
  readonly rollBack: (
    servers: readonly RedisServer[],
    log: EventLog,
    open: (server: RedisServer) => Promise<EventLog>,
  ) => Promise<EventLog>;
}

const at = (servers: readonly RedisServer[], index: number) => servers[index] ?? expect.fail('there is no such server');

async function follow(server: RedisServer, master: RedisServer): Promise<void> {
  await command(server, 'REPLICAOF', '127.0.0.1', String(master.port));
  await untilReplicating(server);
  await until(async () => expect(await command(master, 'WAIT', '1', '1000')).toBeGreaterThan(0));
}

/** The network between a replica and its master is cut. */
async function cutOff(server: RedisServer): Promise<void> {
  await command(server, 'REPLICAOF', '127.0.0.1', '1');
}

async function promote(server: RedisServer): Promise<void> {
  await command(server, 'REPLICAOF', 'NO', 'ONE');
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a failover to a replica, and back',
    replicas: 1,
    begin: (servers) => cutOff(at(servers, 1)),
    rollBack: async (servers, log, open) => {
      const [a, b] = [at(servers, 0), at(servers, 1)];
      await log.close();
      await promote(b);
      await follow(a, b);
      const meanwhile = await open(b);
      await meanwhile.append(BUSY, [event('meanwhile')]);
      await meanwhile.close();
      await promote(a);
      await follow(b, a);
      return open(a);
    },
  },
  {
    name: 'a failover to a replica, and back, of which the connection notices nothing',
    replicas: 1,
    begin: (servers) => cutOff(at(servers, 1)),
    rollBack: async (servers, log) => {
      const [a, b] = [at(servers, 0), at(servers, 1)];
      await promote(b);
      await follow(a, b);
      await promote(a);
      const looks = async () => Number(await command(a, 'HGET', `${PREFIX}{server}`, 'looks'));
      const then = await looks();
      await until(async () => expect(await looks()).toBeGreaterThan(then + 1));
      return log;
    },
  },
  {
    name: 'a failover to a replica, and back to the first server, which was started again',
    replicas: 1,
    begin: (servers) => cutOff(at(servers, 1)),
    rollBack: async (servers, log, open) => {
      const [a, b] = [at(servers, 0), at(servers, 1)];
      await log.close();
      await a.kill();
      await promote(b);
      await a.start();
      await follow(a, b);
      await promote(a);
      return open(a);
    },
  },
  {
    name: 'a failover to a replica, which is started again',
    replicas: 1,
    begin: (servers) => cutOff(at(servers, 1)),
    rollBack: async (servers, log, open) => {
      const [a, b] = [at(servers, 0), at(servers, 1)];
      await log.close();
      await a.kill();
      await promote(b);
      await b.kill();
      await b.start();
      return open(b);
    },
  },
  {
    name: 'a failover to a replica, and from there to another',
    replicas: 2,
    begin: async (servers) => {
      await cutOff(at(servers, 1));
      await cutOff(at(servers, 2));
    },
    rollBack: async (servers, log, open) => {
      const [a, b, c] = [at(servers, 0), at(servers, 1), at(servers, 2)];
      await log.close();
      await a.kill();
      await promote(b);
      await follow(c, b);
      await b.kill();
      await promote(c);
      return open(c);
    },
  },
  {
    name: 'an older copy of the append-only file is put back, under a process that lives on',
    replicas: 0,
    begin: async ([server]) => {
      server?.backUp();
      const looks = async () => Number(await command(server ?? expect.fail(), 'HGET', `${PREFIX}{server}`, 'looks'));
      const then = await looks();
      await until(async () => expect(await looks()).toBeGreaterThan(then + 1));
    },
    rollBack: async (servers, log) => {
      const server = at(servers, 0);
      await server.kill();
      server.restore();
      await server.start();
      await until(async () => expect(await log.healthy()).toBe(true));
      return log;
    },
  },
];

/** Every way in which a Redis that syncs before it answers comes back as it was. */
export class Rollbacks {
  readonly #open: Open;
  readonly #servers = new Map<EventLog, readonly RedisServer[]>();

  constructor(open: Open) {
    this.#open = open;
  }

  get all(): readonly LogRollback[] {
    return [
      ...SCENARIOS.map((scenario) => this.#rollback(scenario, {})),
      this.#rollback(
        {
          name: 'an older copy of the append-only file is put back, and the operator says so',
          replicas: 0,
          begin: async (servers) => at(servers, 0).backUp(),
          rollBack: async (servers, log, open) => {
            const server = at(servers, 0);
            await log.close();
            await server.kill();
            server.restore();
            await server.start();
            return open(server);
          },
        },
        { newEpoch: 'restored' },
      ),
    ];
  }

  /** Ends the servers of a log. */
  async end(log: EventLog): Promise<void> {
    await Promise.all((this.#servers.get(log) ?? []).map((server) => server.stop()));
    this.#servers.delete(log);
  }

  #rollback({ name, replicas, begin, rollBack }: Scenario, options: RedisLogOptions): LogRollback {
    const serversOf = (log: EventLog) => this.#servers.get(log) ?? [];
    const openOn = (server: RedisServer, more: RedisLogOptions = {}) =>
      this.#open({ url: server.url, keyPrefix: PREFIX, checkIntervalMs: 50, ...more });
    return {
      name,
      open: async () => {
        const master = await RedisServer.start(...SYNCED);
        const servers = [master];
        for (let n = 0; n < replicas; n += 1) {
          const replica = await RedisServer.start(...SYNCED);
          servers.push(replica);
          await follow(replica, master);
        }
        const log = await openOn(master);
        this.#servers.set(log, servers);
        return log;
      },
      begin: async (log) => {
        const [master, ...others] = serversOf(log);
        if (master !== undefined && others.length > 0) await command(master, 'WAIT', String(others.length), '5000');
        await begin(serversOf(log));
      },
      rollBack: async (log) => {
        const servers = serversOf(log);
        const after = await rollBack(servers, log, (server) => openOn(server, options));
        this.#servers.set(after, servers);
        return after;
      },
    };
  }
}
