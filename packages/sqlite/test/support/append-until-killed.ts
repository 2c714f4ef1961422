// Run as a process of its own: appends batches to several streams and says which ones were acknowledged, until it is killed.
import { writeSync } from 'node:fs';
import { streamKey } from '@ws/core/log';
import { toEventId, toUserId } from '@ws/types';
import { openSqliteLog, type Synchronous } from '../../src/index.ts';

const [path = '', synchronous = 'full', round = '0'] = process.argv.slice(2);
const log = openSqliteLog({ path, synchronous: synchronous as Synchronous });
const BATCH = 3;

async function appendForEver(user: string): Promise<void> {
  const stream = streamKey(toUserId(user));
  for (let n = 0; ; n += 1) {
    const ids = Array.from({ length: BATCH }, (_, index) => `${round}-${user}-${n}-${index}`);
    const result = await log.append(
      stream,
      ids.map((id) => ({ eventId: toEventId(id), type: 'test', timestamp: Date.now(), data: '{"a":"b"}' })),
    );
    if (result.kind !== 'appended') throw new Error('conflict');
    const acknowledged = result.events.map(({ offset }, index) => `${user} ${offset} ${ids[index]}\n`);
    writeSync(1, acknowledged.join(''));
    if (n % 20 === 19) await log.trim(stream, (result.events[0]?.offset ?? 0) - 30, `fold ${n}`);
  }
}

await Promise.all(['ann', 'ben', 'cid', 'dan'].map(appendForEver));
