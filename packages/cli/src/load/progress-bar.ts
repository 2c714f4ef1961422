import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';

const WIDTH = 28;

/** A bar on a terminal; nothing where the output is a file. */
export class ProgressBar {
  readonly #terminal: WriteStream | undefined;

  constructor(output: NodeJS.WriteStream) {
    this.#terminal = output.isTTY ? output : undefined;
  }

  /** @param share - 0 to 1 */
  show(share: number, label: string): void {
    if (this.#terminal === undefined) return;
    const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
    cursorTo(this.#terminal, 0);
    this.#terminal.write(`${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}  ${label}`);
    clearLine(this.#terminal, 1);
  }

  clear(): void {
    if (this.#terminal === undefined) return;
    cursorTo(this.#terminal, 0);
    clearLine(this.#terminal, 0);
  }
}
