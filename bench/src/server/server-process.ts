import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMetrics, type Metrics } from './metrics.ts';

const PRELOAD = ['--import', new URL('collect-on-request.ts', import.meta.url).href];
// Halves the time of a start from sources.
const COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/test-servers', import.meta.url));
const START_MS = 30_000;
const STOP_MS = 20_000;
const KEPT_STDERR = 20_000;

export type LogKind = 'memory' | 'sqlite';

/** The service from its sources: nothing has to be built. */
const SERVICE = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url));
/** The same with the demo page and its agent. */
export const DEMO = fileURLToPath(new URL('../../../apps/demo/server/main.ts', import.meta.url));
const FLAGS = ['--conditions=@ws/source', '--expose-gc'];

export interface ServerStart {
  /** Path of the program. @default that of the service */
  readonly program?: string;
  /** Settings, over those that every server here has. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is spared the signals that a terminal sends to this process. @default false */
  readonly ownGroup?: boolean;
  /** Called with what the server writes to stderr. */
  readonly onStderr?: (text: string) => void;
}

/** The key of development mode. */
export const API_KEY = 'dev-key';

/**
 * The real server, as a process of its own in a folder of its own; both are gone when it is stopped. It runs in development mode unless
 * `env` says `WS_DEVELOPMENT: 'off'`.
 */
export class ServerProcess {
  /** Last words: what it wrote to stderr. */
  stderr = '';
  url = '';
  readonly #folder = mkdtempSync(join(tmpdir(), 'ws-bench-'));
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(log: LogKind, { program = SERVICE, env = {}, ownGroup = false, onStderr }: ServerStart) {
    // Only what a process needs: settings of the machine must not leak in.
    const { PATH = '' } = process.env;
    const logUrl = log === 'memory' ? 'memory:' : `sqlite:${join(this.#folder, 'events.db')}`;
    this.#child = spawn(process.execPath, [...FLAGS, ...PRELOAD, program], {
      cwd: this.#folder,
      env: {
        PATH,
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        WS_DEVELOPMENT: 'on',
        WS_PORT: '0',
        WS_LOG_URL: logUrl,
        ...env,
      },
      detached: ownGroup,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#exited = once(this.#child, 'close');
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-KEPT_STDERR);
      onStderr?.(text);
    });
  }

  /** Starts a server and waits until it listens. */
  static async start(log: LogKind, start: ServerStart = {}): Promise<ServerProcess> {
    const server = new ServerProcess(log, start);
    try {
      server.url = await server.#listening();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async metrics(): Promise<Metrics> {
    const response = await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`GET /metrics answered ${response.status}`);
    return parseMetrics(await response.text());
  }

  /** Has the server collect all garbage, then reads its figures. */
  async settledMetrics(): Promise<Metrics> {
    const collected = once(this.#child, 'message', { signal: AbortSignal.timeout(30_000) });
    this.#child.send('collect');
    await collected;
    return this.metrics();
  }

  /** `kill -9`, as far as the system has it: nothing is said, nothing is written. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited.catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Asks the server to drain and end, and makes it if it does not. Never rejects. */
  async stop(): Promise<void> {
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    if (this.alive) this.#child.kill('SIGTERM');
    await this.#exited.catch(() => undefined);
    clearTimeout(deadline);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #listening(): Promise<string> {
    return new Promise((resolve, reject) => {
      let stdout = '';
      const timer = setTimeout(() => reject(new Error(`no server within ${START_MS} ms: ${this.stderr}`)), START_MS);
      this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        stdout = (stdout + text).slice(-1_000);
        const url = /listening on (\S+)\n/.exec(stdout)?.[1];
        if (url !== undefined) {
          clearTimeout(timer);
          resolve(url);
        }
      });
      this.#child.once('error', reject);
      this.#child.once('exit', () => {
        clearTimeout(timer);
        reject(new Error(`the server ended: ${this.stderr}`));
      });
    });
  }
}
