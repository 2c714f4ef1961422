import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { note } from '../../apps/server/test/support/events.ts';
import { call, eventsAddress, post } from '../../apps/server/test/support/http.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { freePort } from '../../packages/test-support/src/index.ts';
import { ROOT } from '../docs/workspace-files.ts';
import { BackgroundProgram } from './support/background-program.ts';
import { NATS, REDIS } from './support/programs.ts';

const page = readFileSync(resolve(ROOT, 'docs/operations.md'), 'utf8');
const API_KEY = 'a-key-for-tests-that-is-used-here-alone';
const withKey = { authorization: `Bearer ${API_KEY}` };
const SERVICE = {
  WS_DEVELOPMENT: 'off',
  WS_JWT_SECRET: 'a secret for tests that nobody else knows',
  WS_API_KEY: API_KEY,
};

/** Runs the commands that the page has under a name. */
function run(name: string, cwd: string): void {
  const [, commands = expect.fail(`the page has no commands named ${name}`)] =
    new RegExp(`^\`\`\`sh ${name}\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
  execFileSync('sh', ['-euc', commands], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function publish(url: string, ...numbers: readonly number[]): Promise<number> {
  const { status, body } = await post(eventsAddress(url, 'alice'), { events: numbers.map((n) => note(n)) }, withKey);
  expect(status).toBe(200);
  return (body['offsets'] as readonly number[]).at(-1) ?? 0;
}

/** What a client gets that comes back to where it was, and the numbers of the events that it gets. */
async function comeBack(url: string, epoch: string, offset: number) {
  const { body } = await call(eventsAddress(url, 'alice', `?from=${epoch}:${offset}`), { headers: withKey });
  const events = body['events'] as readonly { readonly payload: { readonly n: number } }[];
  return { recovery: body['recovery'], numbers: events.map(({ payload }) => payload.n), epoch: String(body['epoch']) };
}

interface Log {
  readonly name: string;
  readonly isSkipped: boolean;
  /** Starts what keeps the log, and answers its address. */
  readonly start: (folder: string) => Promise<{ readonly url: string } & AsyncDisposable>;
  /** Whether its server has to be stopped for a backup. */
  readonly isBackedUpStopped: boolean;
  /** What is set after a restore. */
  readonly afterwards: Readonly<Record<string, string>>;
}

const REDIS_SETTINGS = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];

async function program(path: string | undefined, args: readonly string[], port: number, url: string) {
  const running = await BackgroundProgram.start(path, args, port);
  return { url, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

const ports = new Map<string, Promise<number>>();

/** The same for a log however often it is started. */
function portOf(folder: string): Promise<number> {
  const known = ports.get(folder) ?? freePort();
  ports.set(folder, known);
  return known;
}

const LOGS: readonly Log[] = [
  {
    name: 'sqlite',
    isSkipped: false,
    start: async (folder) => ({
      url: `sqlite:${join(folder, 'data/events.db')}`,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
    isBackedUpStopped: false,
    afterwards: {},
  },
  {
    name: 'redis',
    isSkipped: REDIS.isSkipped,
    start: async (folder) => {
      const port = await portOf(folder);
      mkdirSync(join(folder, 'redis'), { recursive: true });
      const args = ['--port', String(port), '--dir', join(folder, 'redis'), ...REDIS_SETTINGS];
      return program(REDIS.path, args, port, `redis://127.0.0.1:${port}`);
    },
    isBackedUpStopped: true,
    afterwards: { WS_LOG_NEW_EPOCH: '2026-11-30' },
  },
  {
    name: 'nats',
    isSkipped: NATS.isSkipped,
    start: async (folder) => {
      const port = await portOf(folder);
      const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', join(folder, 'nats')];
      return program(NATS.path, args, port, `nats://127.0.0.1:${port}?on_restart=keep`);
    },
    isBackedUpStopped: true,
    afterwards: { WS_LOG_NEW_EPOCH: '2026-11-30' },
  },
];

describe('backup and restore as the page says', () => {
  it.each(LOGS)('$name', { timeout: 60_000 }, async ({ name, isSkipped, start, isBackedUpStopped, afterwards }) => {
    if (isSkipped) return;
    using folder = makeTempFolder();
    const serve = (url: string, more: Readonly<Record<string, string>> = {}) =>
      ServerProcess.start({ cwd: folder.path, env: { ...SERVICE, WS_LOG_URL: url, ...more } });
    const stop = async (service: ServerProcess) => {
      service.kill('SIGTERM');
      await service.ended();
    };

    let storage = await start(folder.path);
    let service: ServerProcess | undefined;
    try {
      service = await serve(storage.url);
      await publish(service.url, 1, 2);
      const { epoch } = await comeBack(service.url, 'none', 0);
      if (isBackedUpStopped) {
        await stop(service);
        await storage[Symbol.asyncDispose]();
      }
      run(`backup-${name}`, folder.path);
      if (isBackedUpStopped) {
        storage = await start(folder.path);
        service = await serve(storage.url);
      }
      const seen = await publish(service.url, 3, 4);
      expect(await comeBack(service.url, epoch, seen)).toMatchObject({ recovery: 'resumed', numbers: [] });

      await stop(service);
      await storage[Symbol.asyncDispose]();
      run(`restore-${name}`, folder.path);
      storage = await start(folder.path);
      service = await serve(storage.url, afterwards);
      await publish(service.url, 5, 6, 7);
      const back = await comeBack(service.url, epoch, seen);
      expect(back).toMatchObject({ recovery: 'reset', numbers: [1, 2, 5, 6, 7] });

      // The setting may stay: it begins no second epoch.
      await stop(service);
      service = await serve(storage.url, afterwards);
      expect((await comeBack(service.url, back.epoch, seen)).recovery).toBe('resumed');
    } finally {
      await service?.[Symbol.asyncDispose]();
      await storage[Symbol.asyncDispose]();
    }
  });
});
