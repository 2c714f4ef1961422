import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { WebSocketError } from '@ws/types';
import type { Logger } from 'pino';

/** How often the file is looked at. Its status is asked for, so links that are swapped under it are seen as well. */
const LOOK_EVERY_MS = 1_000;

/** What a file says, read anew when the file changes. A file that became wrong changes nothing: what it said before stays good. */
export class ReloadedFile<Content> {
  readonly #path: string;
  readonly #parse: (text: string) => Content;
  readonly #logger: Logger;
  readonly #look = (): void => this.reload();
  #content: Content;

  /**
   * Reads the file.
   *
   * @param parse - throws an `Error` whose message says what is wrong, and holds nothing of the text
   * @throws `INVALID_OPTION`, naming the file
   */
  constructor(path: string, parse: (text: string) => Content, logger: Logger) {
    this.#path = path;
    this.#parse = parse;
    this.#logger = logger;
    this.#content = this.#read();
    watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, this.#look);
  }

  get content(): Content {
    return this.#content;
  }

  /** Reads the file now. */
  reload(): void {
    try {
      this.#content = this.#read();
      this.#logger.info({ file: this.#path }, 'keys were read anew');
    } catch (error) {
      this.#logger.error({ err: error, file: this.#path }, 'keys could not be read anew: those before stay good');
    }
  }

  stop(): void {
    unwatchFile(this.#path, this.#look);
  }

  #read(): Content {
    try {
      return this.#parse(readFileSync(this.#path, 'utf8'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new WebSocketError('INVALID_OPTION', `the keys of ${this.#path} cannot be used: ${why}`, { cause: error });
    }
  }
}
