import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let folder: TempFolder;
let terminal: ChildProcess | undefined;
let pid: number | undefined;
beforeEach(() => {
  folder = makeTempFolder();
});
afterEach(() => {
  terminal?.kill('SIGKILL');
  terminal = undefined;
  // Where a test failed, the server may have outlived its terminal.
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
  pid = undefined;
  folder[Symbol.dispose]();
});

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

/** Starts a server in a terminal. Its exit code is in the file `code` when it has ended. */
async function startInTerminal(env: Readonly<Record<string, string>>): Promise<{ readonly url: string }> {
  // The shell that is closed, and in it one that outlives the hang-up, to tell how the server took it.
  const inner = 'trap : HUP; "$NODE" --conditions=@ws/source "$MAIN"; echo $? > code';
  const command = `sh -c '${inner}'; true`;
  const { PATH = '' } = process.env;
  const given = { PATH, NODE: process.execPath, MAIN, WS_DEVELOPMENT: 'on', WS_PORT: '0', SHELL: '/bin/sh' };
  terminal = spawn('script', ['--quiet', '--command', command, '/dev/null'], {
    cwd: folder.path,
    env: { ...given, WS_LOG_URL: `sqlite:${join(folder.path, 'events.db')}`, WS_LOG_LEVEL: 'info', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  terminal.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  await expect.poll(() => output, { timeout: 25_000 }).toMatch(/process +\d+/);
  pid = Number(/process +(\d+)/.exec(output)?.[1]);
  return { url: /listening on (http:\S+)/.exec(output)?.[1] ?? '' };
}

describe.skipIf(process.platform !== 'linux')('a terminal that is closed', { timeout: 60_000 }, () => {
  it.each(['1', '2'])(
    'ends the server that was started in it, in %s processes, and leaves its port free',
    async (n) => {
      const { url } = await startInTerminal({ WS_WORKERS: n });
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      const closed = once(terminal as ChildProcess, 'close');
      terminal?.kill('SIGKILL');
      await closed;
      const code = join(folder.path, 'code');
      await expect.poll(() => existsSync(code) && readFileSync(code, 'utf8'), { timeout: 25_000 }).toBe('0\n');
      await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
    },
  );
});

it('without a terminal SIGHUP ends nothing', { timeout: 60_000 }, async () => {
  await using server = await ServerProcess.start({ cwd: folder.path });
  server.kill('SIGHUP');
  server.kill('SIGHUP');
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  server.kill('SIGTERM');
  expect(await server.ended()).toEqual({ code: 0, signal: null });
});
