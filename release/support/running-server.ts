import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The chat server of a consumer, in a process of its own. */
export class RunningServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  static async start(folder: string): Promise<RunningServer> {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const args = ['built/main.js', 'serve'];
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.stdout.setEncoding('utf8');
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the server ended: ${errors}`)));
    const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [string];
    ended.catch(() => {});
    return new RunningServer(line.trim(), child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
