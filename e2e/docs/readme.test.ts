import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { settingsOfStart } from '../../scripts/settings-of-start.ts';
import { ROOT } from './workspace-files.ts';

const README = readFileSync(resolve(ROOT, 'README.md'), 'utf8');

let server: ChildProcess | undefined;
afterEach(async () => {
  if (server === undefined) return;
  server.kill('SIGKILL');
  await once(server, 'close');
  server = undefined;
});

/** Starts the service from its sources as `pnpm start` does, with settings that keep it to itself, and returns its address. */
async function startServer(): Promise<string> {
  const env = { PATH: process.env['PATH'], WS_PORT: '0', WS_LOG_URL: 'memory:', ...settingsOfStart({}) };
  server = spawn(process.execPath, ['--conditions=@ws/source', 'apps/demo/server/main.ts'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (server.stdout === null) throw new Error('the server has no output');
  for await (const line of createInterface(server.stdout)) {
    const address = /^listening on (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the server ended before it listened');
}

describe('README.md', () => {
  it('begins with the two commands', () => {
    const commands = README.split('\n').filter((line) => line.startsWith('npx '));
    expect(README.split('\n').slice(0, 5)).toEqual([
      expect.stringMatching(/^# /),
      '',
      '```sh',
      ...commands.slice(0, 2),
    ]);
    expect(commands[0]).toMatch(/^npx --yes pnpm@12 start\b/);
    expect(commands[1]).toMatch(/^npx --yes pnpm@12 test\b/);
  });

  it('is read in a minute', () => {
    const lines = (text: string): number => text.trimEnd().split('\n').length;
    expect(lines(README)).toBeLessThan(200);
    const examples = [...README.matchAll(/^```tsx? check\n(.*?)^```$/gms)].map(([, code = '']) => lines(code));
    const [server = NaN, client = NaN, page = NaN] = examples;
    expect(examples).toHaveLength(3);
    expect([server <= 12, client <= 8, page <= 8], examples.join()).toEqual([true, true, true]);
  });

  it('publishes a run with the command as it is printed, once in effect', async () => {
    const command = /```sh\n(curl .*?)```/s.exec(README)?.[1] ?? '';
    const address = await startServer();
    const run = () =>
      execFileSync('bash', ['-c', command.replaceAll('http://127.0.0.1:8080', address)], { encoding: 'utf8' });
    const answer: unknown = JSON.parse(run());
    expect(answer).toEqual({ epoch: expect.any(String) as string, offsets: [1, 2, 3, 4, 5] });
    expect(JSON.parse(run())).toEqual(answer);

    const headers = { authorization: 'Bearer dev-key' };
    const history = await fetch(`${address}/v1/users/demo/events`, { headers });
    const { events } = (await history.json()) as { events: { type: string; thread_id?: string }[] };
    expect(events.map(({ type, thread_id }) => `${type} ${thread_id}`)).toEqual([
      'agent_started t1',
      'agent_thinking t1',
      'tool_executing t1',
      'tool_completed t1',
      'agent_completed t1',
    ]);
  });
});
