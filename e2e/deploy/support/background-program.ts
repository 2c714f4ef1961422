import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const READY_WITHIN_MS = 15_000;

/** A program that serves on a port of this machine until it is disposed of. */
export class BackgroundProgram implements AsyncDisposable {
  readonly #child: ChildProcess;
  #output = '';

  private constructor(path: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    const { PATH = '', HOME = '/tmp' } = process.env;
    this.#child = spawn(path, args, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
  }

  /** Starts it and waits until something answers at `port`. */
  static async start(
    path: string | undefined,
    args: readonly string[],
    port: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<BackgroundProgram> {
    if (path === undefined) throw new Error('the program is not there: see scripts/tools.mjs');
    const program = new BackgroundProgram(path, args, env);
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await answers(port))) {
      const ended = program.#child.exitCode !== null;
      if (ended || Date.now() > deadline) {
        await program[Symbol.asyncDispose]();
        throw new Error(`${path} does not answer at port ${port}: ${program.#output}`);
      }
      await wait(20);
    }
    return program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
