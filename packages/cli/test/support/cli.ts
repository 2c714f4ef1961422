import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
// Halves the time of a start from source.
const COMPILE_CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/test-servers', import.meta.url));
const PATIENCE_MS = 30_000;

export type Environment = Readonly<Record<string, string>>;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Environment;
  readonly input?: string;
  readonly cwd?: string;
}

/** The command `ws` as a person runs it: a process of its own, from source. */
export class Cli implements AsyncDisposable {
  readonly ended: Promise<Outcome>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;

  constructor(args: readonly string[], { env = {}, input, cwd }: CliOptions = {}) {
    // Only what a process needs: settings of the machine the tests run on must not leak in.
    const { PATH = '' } = process.env;
    this.#child = spawn(process.execPath, ['--conditions=@ws/source', MAIN, ...args], {
      env: { PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#child.stdin?.end(input);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until standard output holds something. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#holds('stdout', pattern);
  }

  /** Waits until standard error holds something. */
  complains(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#holds('stderr', pattern);
  }

  async #holds(output: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = pattern.exec(this[output]);
      if (found !== null) return found;
      if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}: ${this.stderr}`);
      await once(this.#child[output] ?? this.#child, 'data', { signal: deadline });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.ended;
  }
}

/** Runs it to its end. */
export async function ws(args: readonly string[], options: CliOptions = {}): Promise<Outcome> {
  await using cli = new Cli(args, options);
  return await cli.ended;
}

/** Runs `ws serve` on a free port in development mode, and answers once it listens. */
export async function serve(env: Environment = {}): Promise<{ readonly cli: Cli; readonly url: string }> {
  const cli = new Cli(['serve', '--development', '--port', '0', '--log', 'memory:'], { env });
  const [, url = ''] = await cli.says(/listening on (\S+)\n/);
  return { cli, url };
}
