import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../../../apps/server/test/support/within.ts';

const START_MS = 60_000;

export interface ExampleProgram {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The server of an example, as its user starts it: a process of its own, which says where it listens. */
export class ExampleProcess implements AsyncDisposable {
  url = '';
  output = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor({ command: [program, ...args], cwd, env }: ExampleProgram) {
    const { PATH = '', HOME = '' } = process.env;
    this.#child = spawn(program, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.#exited = once(this.#child, 'close');
  }

  static async start(program: ExampleProgram): Promise<ExampleProcess> {
    const example = new ExampleProcess(program);
    try {
      await within(START_MS, () => `the example listens: ${example.output}`, example.#listening());
    } catch (error) {
      await example.kill();
      throw error;
    }
    return example;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #listening(): Promise<void> {
    for (;;) {
      const url = /listening on (\S+)\n/.exec(this.output)?.[1];
      if (url !== undefined) {
        this.url = url;
        return;
      }
      const ended = this.#exited.then(() => true);
      const said = once(this.#child.stdout ?? this.#child, 'data').then(() => false);
      if (await Promise.race([ended, said])) throw new Error(`the example ended: ${this.output}`);
    }
  }
}
