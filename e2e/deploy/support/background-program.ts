import { spawn, type ChildProcess } from 'node:child_process';
import { takesConnections } from '../../../bench/src/server/takes-connections.ts';
import { endProcess, untilItAnswers } from '../../../packages/test-support/src/index.ts';

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
    try {
      await untilItAnswers(path, program.#child, () => takesConnections(port));
      return program;
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw new Error(`${path} does not answer at port ${port}: ${program.#output}`, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcess(this.#child, 'SIGTERM');
  }
}
