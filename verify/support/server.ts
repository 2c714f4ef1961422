import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { ROOT, SERVER } from './places.ts';

const MAIN = resolve(ROOT, SERVER);

export interface ServerOptions {
  /** Where it runs: its log is a file in there. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The file to run, a built one or a source. Default: the built server of the workspace. */
  readonly main?: string;
}

/** The built server in a process of its own, with the SQLite log that is its default, in development mode unless `env` says otherwise. */
export class Server implements AsyncDisposable {
  readonly url: string;
  /** From the start of the process until it listened. */
  readonly startMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, startMs: number) {
    this.#child = child;
    this.url = url;
    this.startMs = startMs;
  }

  static async start({ folder, env = {}, main = MAIN }: ServerOptions): Promise<Server> {
    const { PATH = '' } = process.env;
    const startedAt = performance.now();
    const flags = main.endsWith('.ts') ? ['--conditions=@ws/source'] : [];
    const child = spawn(process.execPath, [...flags, main], {
      cwd: folder,
      env: { PATH, WS_DEVELOPMENT: 'on', WS_PORT: '0', WS_LOG_URL: 'sqlite:./events.db', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    for (;;) {
      const url = /listening on (\S+)\n/.exec(stdout)?.[1];
      if (url !== undefined) return new Server(child, url, performance.now() - startedAt);
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${stderr}`);
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    }
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** A figure of the server's own metrics. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
    if (line === undefined) throw new Error(`the server has no metric ${name}`);
    return Number(line.split(' ').at(-1));
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
