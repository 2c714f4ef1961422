import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventLog } from '@ws/core';
import { streamKey } from '@ws/core/log';
import { toUserId } from '@ws/types';
import { expect, test } from 'vitest';
import { openSqliteLog, type Synchronous } from '../src/index.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const CHILD = fileURLToPath(new URL('support/append-until-killed.ts', import.meta.url));
const ROUNDS = 4;

interface Acknowledged {
  readonly user: string;
  readonly offset: number;
  readonly id: string;
}

/** Lets a process append until it has acknowledged `count` events, and kills it in the middle. */
async function appendAndKill(path: string, level: Synchronous, round: number, count: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, ['--conditions=@ws/source', CHILD, path, level, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > count) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [user = '', offset = '', id = ''] = line.split(' ');
      return { user, offset: Number(offset), id };
    });
}

async function check(log: EventLog, acknowledged: readonly Acknowledged[]): Promise<void> {
  for (const user of new Set(acknowledged.map((one) => one.user))) {
    const stream = streamKey(toUserId(user));
    const { oldest, head } = await log.head(stream);
    const { events } = await log.read(stream, 0, 1_000_000);
    // No gap, and no batch in part.
    expect(events.map(({ offset }) => offset)).toEqual(events.map((_, index) => oldest + index));
    expect(events.at(-1)?.offset).toBe(head);
    expect(head % 3).toBe(0);
    const ids = new Map(events.map(({ offset, eventId }) => [offset, eventId as string]));
    for (const one of acknowledged) {
      if (one.user === user && one.offset >= oldest) expect(ids.get(one.offset)).toBe(one.id);
    }
  }
}

test(
  'several processes append to one new file at once, and are killed one after the other',
  { timeout: 60_000 },
  async () => {
    const folder = tempFolder();
    const path = join(folder, 'events.db');
    const acknowledged = await Promise.all(
      [200, 300, 400].map((count, process) => appendAndKill(path, 'full', process, count)),
    );
    const log = openSqliteLog({ path });
    await check(log, acknowledged.flat());
    await log.close();
    removeFolder(folder);
  },
);

test.each<Synchronous>(['full', 'normal'])(
  'every acknowledged append is there after kill -9 in the middle of appends: %s',
  { timeout: 60_000 },
  async (level) => {
    const folder = tempFolder();
    const path = join(folder, 'events.db');
    const acknowledged: Acknowledged[] = [];
    const epochs = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged.push(...(await appendAndKill(path, level, round, 200 + round * 137)));
      const log = openSqliteLog({ path });
      epochs.add(log.head(streamKey(toUserId('ann'))).epoch);
      await check(log, acknowledged);
      await log.close();
    }
    expect(epochs.size).toBe(1);
    removeFolder(folder);
  },
);
