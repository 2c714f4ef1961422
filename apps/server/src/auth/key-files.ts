import type { Logger } from 'pino';
import { ReloadedFile } from './reloaded-file.ts';

/** The files with keys that the service watches. */
export class KeyFiles {
  readonly #logger: Logger;
  readonly #files: ReloadedFile<unknown>[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Reads a file and watches it. Throws `INVALID_OPTION`, naming the file. */
  open<Content>(path: string, parse: (text: string) => Content): ReloadedFile<Content> {
    const file = new ReloadedFile(path, parse, this.#logger);
    this.#files.push(file);
    return file;
  }

  /** Reads all of them now, without waiting for a change to be seen. */
  reload(): void {
    for (const file of this.#files) file.reload();
  }

  stop(): void {
    for (const file of this.#files) file.stop();
  }
}
