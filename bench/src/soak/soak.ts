import { setTimeout as sleep } from 'node:timers/promises';
import { Dice } from '../random.ts';
import type { Metrics } from '../server/metrics.ts';
import type { ServerProcess } from '../server/server-process.ts';
import { Disturbances } from './disturbances.ts';
import type { SoakOptions } from './options.ts';
import { Publisher } from './publisher.ts';
import { toSample, type Sample } from './samples.ts';
import { Tally } from './tally.ts';
import { User } from './user.ts';
import { judge, logMb, type Marks, type Verdict } from './verdict.ts';

export interface SoakResult {
  readonly samples: readonly Sample[];
  readonly marks: Marks;
  readonly tally: Tally;
  readonly verdict: Verdict;
}

const HEAVY_USERS = 4;
const TABS_PER_SECOND = 150;
const WARM_UP_MS = 45_000;
const SAMPLE_MS = 10_000;
const CATCH_UP_MS = 60_000;
/** The server lets a stream go after a minute, and a silent peer after two heartbeats. */
const SETTLE_MS = 120_000;
const POLL_MS = 500;

/** Runs the load against a server, from the first socket to the verdict. */
export async function soak(server: ServerProcess, options: SoakOptions): Promise<SoakResult> {
  const tally = new Tally();
  const dice = new Dice(options.seed);
  const users = Array.from(
    { length: options.users },
    (_, n) => new User(n, { url: server.url, seed: options.seed, heavy: n < HEAVY_USERS, tally }),
  );
  const publisher = new Publisher({ url: server.url, users, rate: options.rate, tally, dice });
  const disturbances = new Disturbances({ users, publisher, tally, dice });
  const startedAt = performance.now();
  const samples: Sample[] = [];
  const sample = (metrics: Metrics): Sample => {
    const { delivered, violations } = tally;
    const at = (performance.now() - startedAt) / 1_000;
    return toSample(metrics, { at, logMb: logMb(users, options), delivered, violations });
  };
  const collected = async (): Promise<Sample> => sample(await server.settledMetrics());
  const sampler = setInterval(() => {
    server.metrics().then(
      (metrics) => samples.push(print(sample(metrics), tally)),
      (error: unknown) => tally.violation(`the server gives no metrics: ${String(error)}`),
    );
  }, SAMPLE_MS);

  try {
    const tabs = users.flatMap((user) => user.tabs);
    console.log(`${options.users} users, ${tabs.length} tabs, ${options.rate} events/s, ${options.log} log`);
    for (const [index, tab] of tabs.entries()) {
      void tab.connect();
      if (index % (TABS_PER_SECOND / 10) === 0) await sleep(100);
    }
    publisher.start();
    disturbances.start();
    await sleep(WARM_UP_MS);
    const plateau = await collected();
    await sleep(options.minutes * 30_000);
    const middle = await collected();
    await sleep(options.minutes * 30_000);
    const end = await collected();
    disturbances.stop();
    await publisher.stop();
    await caughtUp(users, tally);

    for (const tab of tabs) tab.leave();
    await settled(server);
    const marks = { plateau, middle, end, settled: await collected() };
    return { samples, marks, tally, verdict: judge(marks, tally) };
  } finally {
    clearInterval(sampler);
    disturbances.stop();
    await publisher.stop();
    for (const user of users) for (const tab of user.tabs) tab.forget();
  }
}

/** Every tab has to end with everything in its view, however it was treated. */
async function caughtUp(users: readonly User[], tally: Tally): Promise<void> {
  const deadline = performance.now() + CATCH_UP_MS;
  let behind = users;
  while (behind.length > 0 && performance.now() < deadline) {
    await sleep(POLL_MS);
    behind = behind.filter((user) => !user.servedInFull);
  }
  for (const { persona, accepted, tabs } of behind) {
    const at = tabs.map((tab) => `${tab.check.position?.offset}${tab.online ? '' : ' (offline)'}`).join(', ');
    tally.violation(`${persona.userId}: ${accepted} events were accepted, its tabs are at ${at}`);
  }
}

async function settled(server: ServerProcess): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (performance.now() < deadline) {
    await sleep(POLL_MS * 4);
    const metrics = await server.metrics();
    if (metrics.get('ws_connections') === 0 && metrics.get('ws_streams_in_memory') === 0) return;
  }
}

function print(sample: Sample, tally: Tally): Sample {
  const { at, delivered, violations, rssMb, heapMb, lagP99Ms, lagMaxMs, connections, streams, lagged } = sample;
  console.log(
    `${String(at).padStart(5)} s  published ${tally.published}  delivered ${delivered}  violations ${violations}  ` +
      `rss ${rssMb} MB  heap ${heapMb} MB  loop lag p99 ${lagP99Ms} max ${lagMaxMs} ms  ` +
      `sockets ${connections}  streams ${streams}  lagged ${lagged}`,
  );
  return sample;
}
