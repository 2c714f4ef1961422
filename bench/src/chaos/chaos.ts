import { setTimeout as wait } from 'node:timers/promises';
import type { LocalCluster } from '../cluster/local-cluster.ts';
import { Dice, hash } from '../random.ts';
import { tokenFor } from '../server/service-api.ts';
import { Publisher } from '../soak/publisher.ts';
import { BLOCK } from '../soak/script.ts';
import { auditUser, readLog } from './audit.ts';
import { ChaosUser } from './chaos-user.ts';
import { Faults } from './faults.ts';
import type { HeldEvent } from './history.ts';
import type { ChaosOptions } from './options.ts';

/** Settings of the servers: short, so that what is to be noticed is noticed while the test lasts. */
export const SERVER_SETTINGS = {
  WS_HEARTBEAT_MS: '2000',
  WS_RUN_LEASE_MS: '3000',
  WS_LOG_LEVEL: 'error',
};

export interface ChaosResult {
  readonly faults: Readonly<Record<string, number>>;
  /** Events published and accepted, and what the log holds altogether. */
  readonly published: number;
  readonly publishRetries: number;
  readonly logged: number;
  readonly runsAsked: number;
  readonly runsInterrupted: number;
  readonly reconnects: number;
  /** From the last thing mended until every client held everything, in milliseconds. */
  readonly settledMs: number;
  readonly violations: readonly string[];
}

/** One user in so many has their runs emitted by the demo agent. */
const ASKING = 4;
const CONNECTS_PER_SECOND = 250;
const CONNECT_MS = 30_000;
const SETTLE_MS = 90_000;
const POLL_MS = 250;
const AT_ONCE = 8;

/** Runs everything against a cluster that has a Redis of its own, from the first client to the audit. */
export async function chaos(
  cluster: LocalCluster,
  options: ChaosOptions,
  tell: (line: string) => void,
): Promise<ChaosResult> {
  const { redis } = cluster;
  if (redis === undefined) throw new Error('the cluster needs a Redis of its own: it is going to be killed');
  const violations: string[] = [];
  const violation = (what: string): void => void violations.push(what);
  const tally = { published: 0, publishRetries: 0, violation };
  const users = await makeUsers(cluster, options, violation);
  const published = users.filter(({ kind }) => kind === 'published');
  const asking = users.filter(({ kind }) => kind === 'asking');
  const dice = new Dice(options.seed);
  const publisher = new Publisher({ url: cluster.url, users: published, rate: options.rate, tally, dice });
  const faults = new Faults({
    cluster,
    redis,
    dice: new Dice(hash(options.seed, 7)),
    pace: options.pace,
    onFault: tell,
  });
  try {
    for (const [index, user] of users.entries()) {
      user.connect();
      if (index % (CONNECTS_PER_SECOND / 20) === 0) await wait(100);
    }
    await connected(users);
    publisher.start();
    for (const user of asking) user.startAsking(dice);
    await faults.run(options.minutes * 60_000);

    tell('everything is mended');
    const mendedAt = performance.now();
    await publisher.stop();
    await Promise.all(published.map((user) => finishRuns(publisher, user)));
    await Promise.all(asking.map((user) => user.stopAsking()));
    const logs = await settle(cluster, users);
    const settledMs = Math.round(performance.now() - mendedAt);
    for (const user of users) violations.push(...auditUser(user, logs.get(user) ?? []));
    const events = [...logs.values()].flat();
    return {
      faults: faults.counts,
      published: tally.published,
      publishRetries: tally.publishRetries,
      logged: events.length,
      runsAsked: asking.reduce((sum, { runs }) => sum + runs.length, 0),
      runsInterrupted: events.filter(({ payload }) => payload['status'] === 'interrupted').length,
      reconnects: users.flatMap(({ watchers }) => watchers).reduce((sum, one) => sum + one.reconnects, 0),
      settledMs,
      violations,
    };
  } finally {
    for (const user of users) user.close();
    await publisher.stop();
  }
}

async function makeUsers(
  { url }: LocalCluster,
  { clients, seed }: ChaosOptions,
  violation: (what: string) => void,
): Promise<readonly ChaosUser[]> {
  const users: ChaosUser[] = [];
  for (let index = 0; index < clients / 2; index += 1) {
    const token = await tokenFor(url, `user-${index}`);
    const kind = index % ASKING === 0 ? 'asking' : 'published';
    users.push(new ChaosUser(index, { url, token, seed, kind }, violation));
  }
  return users;
}

async function connected(users: readonly ChaosUser[]): Promise<void> {
  const deadline = performance.now() + CONNECT_MS;
  const isOn = ({ watchers }: ChaosUser): boolean => watchers.every(({ client }) => client.state.status === 'live');
  while (!users.every(isOn)) {
    if (performance.now() > deadline) throw new Error(`not everybody was connected within ${CONNECT_MS} ms`);
    await wait(POLL_MS);
  }
}

/** Publishes what is left of the runs that were begun. */
async function finishRuns(publisher: Publisher, user: ChaosUser): Promise<void> {
  const rest = (BLOCK - (user.published % BLOCK)) % BLOCK;
  if (rest > 0 && !user.busy) await publisher.publish(user, rest);
}

/** Waits until every run has ended and every client holds what the log holds, or time is up. Answers what the log holds. */
async function settle(
  cluster: LocalCluster,
  users: readonly ChaosUser[],
): Promise<ReadonlyMap<ChaosUser, readonly HeldEvent[]>> {
  const deadline = performance.now() + SETTLE_MS;
  const logs = new Map<ChaosUser, readonly HeldEvent[]>();
  let behind = users;
  for (;;) {
    for (let from = 0; from < behind.length; from += AT_ONCE) {
      await Promise.all(
        behind.slice(from, from + AT_ONCE).map(async (user) => {
          const log = await readLog(cluster, user.persona.userId).catch(() => undefined);
          if (log !== undefined) logs.set(user, log);
        }),
      );
    }
    behind = behind.filter((user) => !logs.has(user) || auditUser(user, logs.get(user) ?? []).length > 0);
    if (behind.length === 0 || performance.now() > deadline) return logs;
    await wait(POLL_MS);
  }
}
