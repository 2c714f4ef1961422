import { createClient, type Client } from '@ws/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge, type Claim } from '../support/claim.ts';
import { CuttableLine } from '../support/cuttable-line.ts';
import { eventually } from '../support/eventually.ts';
import { publish, tokenFor } from '../support/http.ts';
import { makeTempFolder } from '../support/places.ts';
import { Server } from '../support/server.ts';
import { median, quantile, rounded } from '../support/statistics.ts';

declare module '@ws/types' {
  interface ApplicationEvents {
    'verify.count': { readonly n: number };
  }
}

const CLIENTS = 30;
const CUTS = 3;
const LIMIT_MS = 3_000;
/** The client's waits begin anew once a connection has lasted for five seconds. */
const STABLE_MS = 5_500;

interface Watcher {
  readonly user: string;
  readonly client: Client;
  readonly received: number[];
  readonly receivedAt: number[];
}

function watch(lineUrl: string, user: string, token: () => Promise<string>): Watcher {
  const client = createClient({ url: `${lineUrl}/ws`, token });
  const watcher: Watcher = { user, client, received: [], receivedAt: [] };
  client.on('verify.count', ({ payload }) => {
    watcher.received.push(payload.n);
    watcher.receivedAt.push(performance.now());
  });
  // Tokens cannot be had while the server is away.
  client.on('error', () => {});
  client.connect();
  return watcher;
}

export const reconnect: Claim = {
  id: 'reconnect',
  claim: `After a cut every client is back within ${LIMIT_MS} ms, after a killed server 95 of 100, each with every event once`,
  source: 'Asked for by the tests of the first system: reconnect within 3 s',
  async run({ progress }) {
    using folder = makeTempFolder();
    let server = await Server.start({ folder: folder.path });
    const { port } = server;
    await using line = await CuttableLine.to(Number(port));
    const watchers = Array.from({ length: CLIENTS }, (_, n) =>
      watch(line.url, `user-${n}`, () => tokenFor(server.url, `user-${n}`)),
    );
    const areLive = (): boolean => watchers.every(({ client }) => client.state.status === 'live');
    await eventually(areLive, 'all clients are live');

    let sent = 0;
    /** Tells each user the next number, and waits until all of them have it. Milliseconds since `since`, for each. */
    const count = async (since: number): Promise<readonly number[]> => {
      sent += 1;
      const events = [{ type: 'verify.count', payload: { n: sent } }];
      const answers = await Promise.all(watchers.map(({ user }) => publish(server.url, user, events)));
      const refused = answers.find(({ status }) => status !== 200);
      if (refused !== undefined) throw new Error(`event ${sent} was refused with ${refused.status}`);
      await eventually(() => watchers.every(({ received }) => received.length >= sent), `event ${sent}`, 30_000);
      return watchers.map(({ receivedAt }) => (receivedAt[sent - 1] ?? Number.NaN) - since);
    };

    const afterCut: number[] = [];
    for (let n = 0; n < CUTS; n += 1) {
      await sleep(STABLE_MS);
      line.cut();
      // What is said while the line is cut has to come with the resume.
      afterCut.push(...(await count(performance.now())));
      progress(`cut ${n + 1} of ${CUTS}: the last of ${CLIENTS} was back after ${Math.max(...afterCut).toFixed(0)} ms`);
    }

    await sleep(STABLE_MS);
    await server.kill('SIGKILL');
    server = await Server.start({ folder: folder.path, env: { WS_PORT: port } });
    const afterKill = await count(performance.now());
    progress(`kill -9 and restart: the last of ${CLIENTS} was back after ${Math.max(...afterKill).toFixed(0)} ms`);
    for (const { client } of watchers) client.close();
    await server.kill();

    const wrong = afterCut.filter((ms) => ms > LIMIT_MS).map((ms) => `back after ${rounded(ms)} ms`);
    const restart = quantile(afterKill, 0.95);
    if (restart > LIMIT_MS) wrong.push(`after a restart the 95th of 100 was back after ${rounded(restart)} ms`);
    const wanted = Array.from({ length: sent }, (_, n) => n + 1).join(' ');
    const broken = watchers.filter(({ received }) => received.join(' ') !== wanted);
    wrong.push(...broken.map(({ user, received }) => `${user} received ${received.join(' ')}`));
    return judge(
      wrong,
      {
        clients: CLIENTS,
        'cuts of each': CUTS,
        'after a cut ms, median': rounded(median(afterCut)),
        'after a cut ms, longest': rounded(Math.max(...afterCut)),
        'after a restart ms, p95': rounded(restart),
        'after a restart ms, longest': rounded(Math.max(...afterKill)),
      },
      [
        'built client with its default backoff, through a relay that resets all connections at once; until the event published during the cut is there',
        'kill -9 of the server, counted from when the new one listens on the same SQLite log; the waits of clients grow while no server is there',
        'connections that had lasted five seconds: shorter ones lengthen the waits, on purpose',
      ],
    );
  },
};
