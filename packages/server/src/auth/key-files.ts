import type { Logger } from 'pino';
import { ReloadedFile, type ListFormat } from './reloaded-file.ts';

/** The files with keys that the service watches. */
export class KeyFiles {
  readonly #logger: Logger;
  readonly #files: ReloadedFile<unknown>[] = [];
  readonly #fetched: (() => void)[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Reads a file and watches it. Throws `INVALID_OPTION`, naming the file. */
  open<Item>(path: string, format: ListFormat<Item>): ReloadedFile<Item> {
    const file = new ReloadedFile(path, format, this.#logger);
    this.#files.push(file);
    return file;
  }

  /** Keys that come from elsewhere: `fetch` gets them again whenever the files are to be read. */
  beside(fetch: () => void): void {
    this.#fetched.push(fetch);
  }

  /** Reads all of them now, without waiting for a change to be seen. */
  reload(): void {
    for (const file of this.#files) file.reload();
    for (const fetch of this.#fetched) fetch();
  }

  stop(): void {
    for (const file of this.#files) file.stop();
  }
}
