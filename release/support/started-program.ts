import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const PRINTS_WITHIN_MS = 20_000;

/** A program that goes on running, with the processes that it starts. */
export class StartedProgram implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #output = '';

  constructor(program: string, args: readonly string[], cwd: string) {
    const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
    this.#child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.#closed = once(this.#child, 'close');
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves when it has printed a text; rejects with all that it printed where it ends or stays silent. */
  async printed(text: string): Promise<void> {
    const deadline = performance.now() + PRINTS_WITHIN_MS;
    while (!this.#output.includes(text)) {
      if (this.#child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`'${text}' was not printed, but:\n${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    // The group: a shell or npx does not pass a signal on to what it started.
    process.kill(-pid, 'SIGKILL');
    await this.#closed;
  }
}
