import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { within } from './within.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** The service with the demo page and its agent, as `pnpm start` runs it. */
export const DEMO = fileURLToPath(new URL('../../../demo/server/main.ts', import.meta.url));
// Halves the time of a start from source.
const COMPILE_CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/test-servers', import.meta.url));
const START_MS = 25_000;
const STOP_MS = 25_000;

export interface ServerProcessOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Path of the program. Default: that of the service. */
  readonly program?: string;
  /** How many it may have open (`ulimit -n`). Default: as many as the tests. */
  readonly descriptors?: number;
  /** How long it may take until it listens, in milliseconds. Default: 25 seconds. */
  readonly startMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The server as a user starts it: a process of its own, run from source, in development mode unless `env` says otherwise. */
export class ServerProcess implements AsyncDisposable {
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  url = '';
  readonly #child: ChildProcess;

  constructor({ cwd, env = {}, args = [], program: main = MAIN, descriptors }: ServerProcessOptions) {
    // Only what a process needs: settings of the machine the tests run on must not leak in.
    const { PATH = '' } = process.env;
    const command = [process.execPath, '--conditions=@ws/source', main, ...args];
    // The shell becomes the server: its process is the server's.
    const limited = ['sh', '-c', `ulimit -n ${descriptors} && exec "$@"`, 'sh', ...command];
    const [program = '', ...rest] = descriptors === undefined ? command : limited;
    this.#child = spawn(program, rest, {
      cwd,
      env: {
        PATH,
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        WS_DEVELOPMENT: 'on',
        WS_PORT: '0',
        WS_LOG_URL: 'memory:',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /** Starts a server and waits until it listens. */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    try {
      await within(options.startMs ?? START_MS, () => `the server listens: ${server.stderr}`, server.#listening());
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the server did not start');
    return this.#child.pid;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for the end. */
  async ended(ms = STOP_MS): Promise<Exit> {
    return within(ms, () => `the server ends: ${this.stderr}`, this.exited);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.exited;
  }

  async #listening(): Promise<void> {
    for (;;) {
      const url = /listening on (\S+)\n/.exec(this.stdout)?.[1];
      if (url !== undefined) {
        this.url = url;
        return;
      }
      const ended = await Promise.race([this.exited, once(this.#child.stdout ?? this.#child, 'data')]);
      if ('code' in ended) throw new Error(`the server ended with ${ended.code}: ${this.stderr}`);
    }
  }
}
