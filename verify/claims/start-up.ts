import { judge, type Claim } from '../support/claim.ts';
import { makeTempFolder } from '../support/places.ts';
import { Server } from '../support/server.ts';
import { median, rounded } from '../support/statistics.ts';
import { setTimeout as sleep } from 'node:timers/promises';

const STARTS = 5;
const MEGABYTE = 1024 * 1024;

/** What a start may take and an idle server may hold. */
const LIMITS = { startMs: 3_000, residentMb: 200 };

export const startUp: Claim = {
  id: 'start-up',
  claim: `The server starts (median under ${LIMITS.startMs} ms) and is small when idle (under ${LIMITS.residentMb} MB)`,
  source: '“No startup or runtime issues detected”',
  async run({ progress }) {
    const starts: number[] = [];
    const resident: number[] = [];
    const heap: number[] = [];
    for (let n = 0; n < STARTS; n += 1) {
      using folder = makeTempFolder();
      await using server = await Server.start({ folder: folder.path });
      progress(`start ${n + 1} of ${STARTS}: ${server.startMs.toFixed(0)} ms`);
      await sleep(500);
      starts.push(server.startMs);
      resident.push((await server.metric('process_resident_memory_bytes')) / MEGABYTE);
      heap.push((await server.metric('nodejs_heap_size_used_bytes')) / MEGABYTE);
    }
    const wrong: string[] = [];
    if (median(starts) > LIMITS.startMs) wrong.push(`starting took ${rounded(median(starts))} ms`);
    if (median(resident) > LIMITS.residentMb) wrong.push(`idle it holds ${rounded(median(resident))} MB`);
    return judge(
      wrong,
      {
        'start ms, median of 5': rounded(median(starts)),
        'start ms, longest': rounded(Math.max(...starts)),
        'idle resident MB, median': rounded(median(resident)),
        'idle heap MB, median': rounded(median(heap)),
      },
      ['from the start of the process to “listening”, each with an empty SQLite log; memory half a second later'],
    );
  },
};
