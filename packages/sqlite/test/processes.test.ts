import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHub } from '@ws/core';
import type { LogEvent } from '@ws/core/log';
import { stream } from '@ws/test-support';
import { expect, test, vi } from 'vitest';
import { openSqliteLog } from '../src/index.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const CHILD = fileURLToPath(new URL('support/emit-notes.ts', import.meta.url));
const COUNT = 60;

interface Emitting {
  readonly child: ChildProcess;
  readonly runId: string;
}

/** Lets a process emit, until it has started a run after its last event. */
async function emitting(path: string, name: string): Promise<Emitting> {
  const child = spawn(process.execPath, ['--conditions=@ws/source', CHILD, path, name, String(COUNT)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [runId] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { child, runId: runId.trim() };
}

test('processes on one file: what each emits is heard by the others in one order, and a killed one’s run is ended', async () => {
  const folder = tempFolder();
  const path = join(folder, 'events.db');
  const log = openSqliteLog({ path });
  const heard: LogEvent[] = [];
  log.subscribe(stream, (_epoch, events) => heard.push(...events));
  const hub = createHub({ log, tuning: { runLeaseMs: 500 } });
  const others = await Promise.all(['one', 'two'].map((name) => emitting(path, name)));

  await vi.waitFor(() => expect(heard).toHaveLength(2 * (COUNT + 1)));
  expect(heard.map(({ offset }) => offset)).toEqual(heard.map((_, index) => index + 1));
  for (const name of ['one', 'two']) {
    const ids = heard.map(({ eventId }) => eventId as string).filter((id) => id.startsWith(name));
    expect(ids).toEqual(Array.from({ length: COUNT }, (_, n) => `${name}-${n}`));
  }

  const closed = others.map(({ child }) => once(child, 'close'));
  others[0]?.child.kill('SIGKILL');
  await vi.waitFor(() => expect(heard.at(-1)?.type).toBe('agent_completed'), 10_000);
  const ended = heard.filter(({ type }) => type === 'agent_completed');
  expect(ended.map(({ runId }) => runId)).toEqual([others[0]?.runId]);
  expect(ended[0]?.data).toContain('interrupted');

  others[1]?.child.kill('SIGKILL');
  await Promise.all(closed);
  await hub.close();
  removeFolder(folder);
});
