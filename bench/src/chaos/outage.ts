import { setTimeout as wait } from 'node:timers/promises';
import type { LocalCluster } from '../cluster/local-cluster.ts';
import { call, tokenFor } from '../server/service-api.ts';
import { readLog } from './audit.ts';
import { compareHistories, type HeldEvent } from './history.ts';
import { NotePublisher, type AcceptedNote } from './note-publisher.ts';
import { Watcher } from './watcher.ts';

/** How Redis goes away: killed and started again with or without what it had, or there and not answering. */
export type OutageKind = 'killed' | 'frozen' | 'lost its data';

export interface OutageOptions {
  readonly kind: OutageKind;
  /** How long Redis is away, in milliseconds. */
  readonly awayMs: number;
  readonly users: number;
}

export interface OutageResult {
  /** Notes accepted: before Redis went away, and while it was away and after. */
  readonly acceptedBefore: number;
  readonly accepted: number;
  /** From the moment that Redis was gone or back until every server said so, in milliseconds. */
  readonly noticedMs: number;
  readonly backMs: number;
  readonly violations: readonly string[];
}

const LOAD_MS = 500;
const PATIENCE_MS = 30_000;
const POLL_MS = 50;

/** One user: who publishes to them, and two clients that follow. */
interface User {
  readonly userId: string;
  readonly publisher: NotePublisher;
  readonly watchers: readonly Watcher[];
  readonly epochBefore: () => string | undefined;
}

let outages = 0;

/** Takes Redis away under load and brings it back; then every client has to hold what was accepted, in order, once. */
export async function outage(cluster: LocalCluster, options: OutageOptions): Promise<OutageResult> {
  const { redis } = cluster;
  if (redis === undefined) throw new Error('the cluster needs a Redis of its own: it is going to be killed');
  outages += 1;
  const users = await Promise.all(
    Array.from({ length: options.users }, async (_, n) => makeUser(cluster, `outage-${outages}-${n}`)),
  );
  const watchers = users.flatMap((user) => user.watchers);
  const modes = watchNews(watchers);
  const violations: string[] = [];
  try {
    for (const { client } of watchers) client.connect();
    await until('every client is connected', () => watchers.every(({ client }) => client.state.status === 'live'));
    const running = Promise.all(users.map(({ publisher }) => publisher.run()));
    await wait(LOAD_MS);
    const acceptedBefore = users.reduce((sum, { publisher }) => sum + publisher.accepted.length, 0);

    const goneAt = performance.now();
    if (options.kind === 'frozen') redis.freeze();
    else await redis.kill();
    if (options.kind === 'lost its data') redis.deleteData();
    await until('every server is degraded', () => everyServer(cluster, 503, 'degraded'));
    const noticedMs = Math.round(performance.now() - goneAt);
    await wait(Math.max(0, options.awayMs - noticedMs));
    const backAt = performance.now();
    if (options.kind === 'frozen') redis.thaw();
    else await redis.start();
    await until('every server is ready', () => everyServer(cluster, 200, 'unified'));
    const backMs = Math.round(performance.now() - backAt);
    await wait(LOAD_MS);
    for (const { publisher } of users) publisher.stop();
    await running;

    if (!modes.has('degraded')) violations.push('no client was told of the mode degraded');
    for (const user of users) violations.push(...(await audit(cluster, user, options.kind)));
    const accepted = users.reduce((sum, { publisher }) => sum + publisher.accepted.length, 0);
    return { acceptedBefore, accepted, noticedMs, backMs, violations };
  } finally {
    for (const { publisher } of users) publisher.stop();
    for (const { client } of watchers) client.close();
  }
}

async function makeUser({ url }: LocalCluster, userId: string): Promise<User> {
  const token = await tokenFor(url, userId);
  const publisher = new NotePublisher(url, userId);
  return {
    userId,
    publisher,
    watchers: [0, 1].map(() => new Watcher({ url, userId, token })),
    epochBefore: () => publisher.accepted[0]?.epoch,
  };
}

/** The modes that clients are told of. */
function watchNews(watchers: readonly Watcher[]): ReadonlySet<string> {
  const modes = new Set<string>();
  for (const { client } of watchers) client.on('mode', ({ mode }) => modes.add(mode));
  return modes;
}

async function everyServer({ nodeUrls }: LocalCluster, status: number, mode: string): Promise<boolean> {
  const answers = await Promise.all(nodeUrls.map((url) => call(`${url}/readyz`)));
  return answers.every((answer) => answer.status === status && (answer.body as { mode?: unknown }).mode === mode);
}

async function audit(cluster: LocalCluster, user: User, kind: OutageKind): Promise<readonly string[]> {
  const { publisher, watchers } = user;
  let log: readonly HeldEvent[] = [];
  let differences: readonly (string | undefined)[] = [];
  await until('every client holds what the log holds', async () => {
    log = await readLog(cluster, user.userId);
    differences = watchers.map(({ history }) => compareHistories(log, history));
    return differences.every((difference) => difference === undefined);
  }).catch(() => undefined);
  const wrong = differences.flatMap((difference) => (difference === undefined ? [] : [`a client ${difference}`]));

  const last = publisher.accepted.at(-1);
  const kept = publisher.accepted.filter(({ epoch }) => epoch === last?.epoch);
  const isLost = kind === 'lost its data';
  if (isLost !== (last?.epoch !== user.epochBefore())) wrong.push(`the epoch ${isLost ? 'stayed' : 'changed'}`);
  for (const { resets, errors } of watchers) {
    if (isLost ? resets === 0 : resets > 0) wrong.push(`a client was reset ${resets} times`);
    wrong.push(...errors);
  }
  wrong.push(...missing(kept, log));
  return wrong.map((what) => `${user.userId}: ${what}`);
}

/** Notes that were accepted and are not where they were said to be, or not in the order in which they were published. */
function missing(accepted: readonly AcceptedNote[], log: readonly HeldEvent[]): readonly string[] {
  const wrong = accepted.filter(({ n, offset }) => log.find((event) => event.offset === offset)?.payload['n'] !== n);
  const disordered = accepted.filter(({ offset }, index) => offset <= (accepted[index - 1]?.offset ?? 0));
  const twice = log.length - new Set(log.map(({ event_id }) => event_id)).size;
  return [
    ...wrong.map(({ n, offset }) => `note ${n} was accepted as ${offset} and is not there`),
    ...disordered.map(({ n, offset }) => `note ${n} came to lie at ${offset}, before an earlier one`),
    ...(twice > 0 ? [`${twice} events are in the log twice`] : []),
  ];
}

async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await wait(POLL_MS);
  }
}
