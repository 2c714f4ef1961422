// `pnpm bench:startup`: from the command to the first connection that is served, and what importing the packages costs. On what is built.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../speed/statistics.ts';
import { importCost } from './import-cost.ts';
import { freePort } from '@ws/test-support';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SERVER = join(ROOT, 'apps/server/dist/main.js');
const ROUNDS = 7;
const POLL_MS = 2;

/** Milliseconds from the start of the process to the first connection its port accepts. */
async function startTime(env: Readonly<Record<string, string>>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'ws-startup-'));
  const port = await freePort();
  const { PATH = '' } = process.env;
  const startedAt = performance.now();
  const server = spawn(process.execPath, [SERVER], {
    cwd: folder,
    env: { PATH, WS_DEVELOPMENT: 'on', WS_PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    while (!(await isServed(port))) {
      if (server.exitCode !== null) throw new Error('the server ended');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return performance.now() - startedAt;
  } finally {
    server.kill('SIGKILL');
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Not only accepted: a start looks whether the port is free, and for a moment somebody listens there. */
async function isServed(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

async function timesOf(env: Readonly<Record<string, string>>): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await startTime(env));
  return `${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}, ${ROUNDS} starts)`;
}

if (!existsSync(SERVER)) throw new Error('nothing is built: run `pnpm build` first');
const nothing = Array.from({ length: ROUNDS }, () => {
  const startedAt = performance.now();
  execFileSync(process.execPath, ['-e', '']);
  return performance.now() - startedAt;
});
console.log(`Node ${process.version} alone: ${median(nothing).toFixed(0)} ms from start to end`);
console.log(`SQLite log: ${await timesOf({})}`);
console.log(`memory log: ${await timesOf({ WS_LOG_URL: 'memory:' })}`);
for (const name of ['core', 'client', 'types'] as const) {
  const { ms, modules, bytes } = importCost(join(ROOT, 'packages', name, 'dist/index.js'));
  console.log(`import @ws/${name}: ${ms.toFixed(1)} ms, ${modules} modules, ${(bytes / 1024).toFixed(0)} KiB`);
}
