import { setTimeout as sleep } from 'node:timers/promises';
import { judge, type Claim } from '../support/claim.ts';
import { publish, tokenFor } from '../support/http.ts';
import { makeTempFolder } from '../support/places.ts';
import { wholeRun } from '../support/runs.ts';
import { Server } from '../support/server.ts';
import { rounded } from '../support/statistics.ts';
import { Wire } from '../support/wire.ts';

const LIMIT_MB = 50;
/** Until what has a size of its own has it: the heap, the page cache of SQLite, the streams kept for users who come back at once. */
const WARM_UP_WAVES = 50;
const WAVES = 50;
const USERS_PER_WAVE = 40;
const MEGABYTE = 1024 * 1024;

export const memory: Claim = {
  id: 'memory',
  claim: `The server's memory grows by at most ${LIMIT_MB} MB while users come, work and go`,
  source: 'Asked for by the tests of the first system: memory growth ≤ 50 MB over the run',
  async run({ progress }) {
    using folder = makeTempFolder();
    await using server = await Server.start({ folder: folder.path });
    let people = 0;
    const visit = async (): Promise<void> => {
      const user = `visitor-${(people += 1)}`;
      const wire = await Wire.open(server.url, { token: await tokenFor(server.url, user) });
      const events = wholeRun('run');
      await publish(server.url, user, events);
      await wire.until(() => wire.events.length === events.length, `the events of ${user}`);
      wire.close();
    };
    const resident: number[] = [];
    for (let wave = 0; wave < WARM_UP_WAVES + WAVES; wave += 1) {
      await Promise.all(Array.from({ length: USERS_PER_WAVE }, visit));
      resident.push((await server.metric('process_resident_memory_bytes')) / MEGABYTE);
      if (wave % 10 === 9) progress(`${people} users so far, ${resident.at(-1)?.toFixed(0)} MB`);
    }
    await sleep(1_000);
    const before = Math.max(...resident.slice(0, WARM_UP_WAVES));
    const after = (await server.metric('process_resident_memory_bytes')) / MEGABYTE;
    const wrong = after - before > LIMIT_MB ? [`it grew by ${rounded(after - before)} MB`] : [];
    return judge(
      wrong,
      {
        users: people,
        'resident MB after warm-up': rounded(before),
        'resident MB at the end': rounded(after),
        'growth MB': rounded(after - before),
      },
      [
        `${WAVES} waves of ${USERS_PER_WAVE} new users, each with a socket and a run, after ${WARM_UP_WAVES} waves of warm-up`,
      ],
    );
  },
};
