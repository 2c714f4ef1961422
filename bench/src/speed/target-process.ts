import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onJsonLines } from '../json-lines.ts';
import type { Command, Listening, Usage } from '../targets/control-messages.ts';
import { bunProgram } from './bun-program.ts';
import { ControlLink } from './control-link.ts';
import { RedisProcess } from '../server/redis-process.ts';
import type { Target } from './targets.ts';

const START_MS = 30_000;
const KEPT_STDERR = 10_000;
const NODE_FLAGS = ['--conditions=@ws/source', '--expose-gc', '--disable-warning=ExperimentalWarning'];

/** Signs the tokens of the users of this project's service. */
export const SECRET = 'a-secret-of-the-benchmark-and-of-nothing-else';

/** Publishes to them. */
export const API_KEY = 'a-key-of-the-benchmark-and-of-nothing-else';

/** What a target keeps its events in, for as long as processes of it come and go. */
export class TargetStore {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ws-bench-'));
  readonly #redis: RedisProcess | undefined;

  private constructor(redis: RedisProcess | undefined) {
    this.#redis = redis;
  }

  static async open({ needs }: Target): Promise<TargetStore> {
    return new TargetStore(needs === 'redis' ? await RedisProcess.start() : undefined);
  }

  /** The environment that points a target at it. */
  env({ needs }: Target): Readonly<Record<string, string>> {
    if (needs === 'nothing') return {};
    const url = this.#redis?.url ?? `sqlite:${join(this.#folder, 'events.db')}`;
    return { WS_LOG_URL: url, REDIS_URL: url };
  }

  async close(): Promise<void> {
    await this.#redis?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface TargetStart {
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Events each user was sent by the process before this one. */
  readonly sent?: number;
  /** Folder for a CPU profile of the process, where it is a Node. */
  readonly profileFolder?: string | undefined;
}

/** A server under test, as a process of its own. */
export class TargetProcess {
  readonly port: number;
  readonly controlPort: number;
  readonly #child: ChildProcess;
  readonly #link: ControlLink;
  readonly #exited: Promise<unknown>;

  readonly #lastWords: () => string;

  private constructor(
    child: ChildProcess,
    exited: Promise<unknown>,
    listening: Listening,
    link: ControlLink,
    lastWords: () => string,
  ) {
    this.#lastWords = lastWords;
    this.#child = child;
    this.#exited = exited;
    this.port = listening.port;
    this.controlPort = listening.control;
    this.#link = link;
  }

  static async start(target: Target, store: TargetStore, start: TargetStart = {}): Promise<TargetProcess> {
    const { env = {}, port = 0, sent = 0, profileFolder } = start;
    const profiling = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    const program = fileURLToPath(new URL(`../targets/${target.program}.ts`, import.meta.url));
    const [command, flags] =
      target.runtime === 'node' ? [process.execPath, [...NODE_FLAGS, ...profiling]] : [bunProgram() ?? 'bun', []];
    const child = spawn(command, [...flags, program, String(port), String(sent)], {
      env: { ...cleanEnv(), ...target.env, ...store.env(target), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const exited = once(child, 'close');
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-KEPT_STDERR);
    });
    try {
      const listening = await Promise.race([
        new Promise<Listening>((resolve) => onJsonLines(child.stdout, resolve)),
        exited.then((): never => {
          throw new Error(`${target.title} ended: ${stderr}`);
        }),
        new Promise<never>((_, reject) => {
          const fail = (): void => reject(new Error(`${target.title} did not listen within ${START_MS} ms: ${stderr}`));
          setTimeout(fail, START_MS).unref();
        }),
      ]);
      const link = await ControlLink.open(listening.control);
      return new TargetProcess(child, exited, listening, link, () => `${target.title}: ${stderr}`);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Has the server do something. Rejects with its last words if it has ended. */
  async ask(command: Command): Promise<Usage> {
    try {
      return await this.#link.ask(command);
    } catch (error) {
      throw new Error(this.#lastWords(), { cause: error });
    }
  }

  /** Lets the server go away in order, as at a deploy. */
  async close(): Promise<void> {
    await this.#link.ask({ do: 'close' });
    await this.kill();
  }

  async kill(): Promise<void> {
    this.#link.close();
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Lets the process end by itself, as it has to for its profile to be written. */
  async end(): Promise<void> {
    this.#link.close();
    this.#child.stdin?.end();
    await this.#exited;
  }
}

/** Only what a process needs: settings of the machine must not leak in. */
function cleanEnv(): Readonly<Record<string, string>> {
  const { PATH = '' } = process.env;
  return {
    PATH,
    NODE_ENV: 'production',
    WS_JWT_SECRET: SECRET,
    WS_API_KEY: API_KEY,
    WS_MAX_CONNECTIONS_PER_USER: '2000',
    WS_COALESCE_MS: '0',
  };
}
