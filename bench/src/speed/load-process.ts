import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LoadReport, Order, OrderAnswer, OrderRequest } from '../load/orders.ts';

const MAIN = fileURLToPath(new URL('../load/main.ts', import.meta.url));

/** The load generator, as a process of its own. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (report: LoadReport) => void; reject: (error: Error) => void }>();
  #asked = 0;

  /** @param options - `yields`: it has the processor when others have no use for it */
  constructor({ yields = false } = {}) {
    this.#child = fork(MAIN, [], {
      execArgv: ['--conditions=@ws/source'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const { pid } = this.#child;
    if (yields && pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
    this.#child.on('message', (message) => {
      // Sent by the load generator that this process started.
      const { id, report, error } = message as OrderAnswer;
      const waiter = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiter?.resolve(report);
      else waiter?.reject(new Error(`the load generator failed: ${error}`));
    });
    this.#child.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the load generator ended'));
      this.#waiting.clear();
    });
  }

  ask(order: Order): Promise<LoadReport> {
    return new Promise((resolve, reject) => {
      this.#asked += 1;
      this.#waiting.set(this.#asked, { resolve, reject });
      const request: OrderRequest = { id: this.#asked, order };
      this.#child.send(request);
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
