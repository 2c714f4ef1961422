import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Watcher } from '../../bench/src/chaos/watcher.ts';
import { tokenFor } from '../../bench/src/server/service-api.ts';
import { REDIS } from '../deploy/support/programs.ts';
import { ROOT } from '../docs/workspace-files.ts';

/** `pnpm start:cluster`, as its user sees it. */
class ClusterCommand {
  output = '';
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(...args: string[]) {
    const { PATH } = process.env;
    const redis = REDIS.path === undefined ? {} : { REDIS_SERVER_PATH: REDIS.path };
    this.#child = spawn(process.execPath, [resolve(ROOT, 'scripts/start-cluster.mjs'), ...args], {
      env: { PATH, ...redis },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** Waits until the cluster listens. Answers its address and the processes of its servers. */
  async listening(): Promise<{ readonly url: string; readonly servers: readonly number[] }> {
    await expect.poll(() => this.output, { timeout: 60_000 }).toContain('Redis: ');
    const url = /listening on (http:\S+)/.exec(this.output)?.[1] ?? '';
    return { url, servers: [...this.output.matchAll(/server \d: \S+, process (\d+)/g)].map(([, pid]) => Number(pid)) };
  }

  stop(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

let command: ClusterCommand | undefined;
afterEach(async () => {
  command?.stop('SIGTERM');
  await command?.ended;
  command = undefined;
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const endsOf = ({ history }: Watcher): readonly unknown[] =>
  history.filter(({ type }) => type === 'agent_completed').map(({ payload }) => payload['status']);

describe.skipIf(REDIS.isSkipped)('pnpm start:cluster', () => {
  it('starts three servers behind one address, outlives the death of one, and leaves nothing behind', async () => {
    command = new ClusterCommand('--port', '0');
    const { url, servers } = await command.listening();
    expect(servers).toHaveLength(3);
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('<div id="root">');

    const token = await tokenFor(url, 'demo');
    const tabs = Array.from({ length: 6 }, () => new Watcher({ url, userId: 'demo', token }));
    const [tab, ...others] = tabs;
    try {
      for (const { client } of tabs) client.connect();
      await expect
        .poll(() => tabs.every(({ client }) => client.state.status === 'live'), { timeout: 20_000 })
        .toBe(true);
      await tab?.ask();
      await expect.poll(() => others.map(endsOf), { timeout: 30_000 }).toEqual(others.map(() => ['completed']));

      process.kill(servers[0] ?? 0, 'SIGKILL');
      await expect.poll(() => tabs.some(({ reconnects }) => reconnects > 0), { timeout: 20_000 }).toBe(true);
      await tab?.ask();
      const twice = tabs.map(() => ['completed', 'completed']);
      await expect.poll(() => tabs.map(endsOf), { timeout: 40_000 }).toEqual(twice);
      expect(tabs.map(({ resets, errors }) => ({ resets, errors }))).toEqual(
        tabs.map(() => ({ resets: 0, errors: [] })),
      );
    } finally {
      for (const { client } of tabs) client.close();
    }
    command.stop('SIGINT');
    expect(await command.ended).toBe(0);
    expect(servers.filter(isAlive)).toEqual([]);
  });

  it('says what is wrong with its arguments', async () => {
    command = new ClusterCommand('--redis', 'localhost');
    expect(await command.ended).toBe(1);
    expect(command.output).toContain('--redis must be a URL like redis://localhost:6379');
  });
});

it('stands in the README', () => {
  expect(readFileSync(resolve(ROOT, 'README.md'), 'utf8')).toContain('npx --yes pnpm@12 start:cluster');
});
