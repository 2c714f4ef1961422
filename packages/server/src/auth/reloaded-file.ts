import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { WebSocketError } from '@ws/types';
import type { Logger } from 'pino';

/** How often the file is looked at. Its status is asked for, so links that are swapped under it are seen as well. */
const LOOK_EVERY_MS = 1_000;
/** Looks in a row that must find no file, or a blank one, before its list counts as empty. */
const LOOKS_UNTIL_EMPTY = 2;

/** How a file holds a list. */
export interface ListFormat<Item> {
  /** Throws an `Error` whose message says what is wrong, and holds nothing of the text. */
  readonly parse: (text: string) => readonly Item[];
  /** What is wrong with a list of nothing where the service starts: a sentence. */
  readonly emptyMessage: string;
}

/** What a look found: `nothing` is no file, or one that is blank. */
type Look =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly error: unknown };

/**
 * The list that a file holds, read again when the file changes.
 *
 * - A list that became empty is a list: none of what it held before is good any more.
 * - A file that is gone or blank counts as an empty list from the second look on, a second later. Tools that replace a file may leave
 *   a moment without it, and a file that is written over is blank for a moment.
 * - Text that changes is taken when two looks have found the same: what is half written may be a list, too, and lacks the rest.
 * - Text that is no such list, and a file that can't be read, change nothing.
 */
export class ReloadedFile<Item> {
  readonly #path: string;
  readonly #format: ListFormat<Item>;
  readonly #logger: Logger;
  readonly #onChange = (): void => {
    // Two looks are never closer together than that: the one that is planned will see the change.
    if (this.#nextLook === undefined) this.#look(false);
  };
  #items: readonly Item[];
  #seen: Look | undefined;
  #looksForNothing = 0;
  #nextLook: NodeJS.Timeout | undefined;

  /**
   * Reads the file.
   *
   * @throws `INVALID_OPTION`, naming the file, also where it is missing or its list is empty
   */
  constructor(path: string, format: ListFormat<Item>, logger: Logger) {
    this.#path = path;
    this.#format = format;
    this.#logger = logger;
    this.#items = this.#readAtStart();
    watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, this.#onChange);
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  /** Reads the file now, and takes what it says at once. A file that is gone or blank has to be so at the next look, too. */
  reload(): void {
    this.#look(true);
  }

  stop(): void {
    unwatchFile(this.#path, this.#onChange);
    clearTimeout(this.#nextLook);
  }

  #look(isAsked: boolean): void {
    const before = this.#seen;
    const look = lookAt(this.#path);
    this.#seen = look;
    this.#looksForNothing = look.kind === 'nothing' ? this.#looksForNothing + 1 : 0;
    switch (look.kind) {
      case 'unreadable':
        this.#logger.error(
          { err: this.#wrong(look.error), file: this.#path },
          'keys could not be read: those before stay good',
        );
        return;
      case 'nothing':
        if (this.#looksForNothing >= LOOKS_UNTIL_EMPTY) this.#revokeAll();
        else this.#lookAgain();
        return;
      case 'text':
        if (isAsked || (before?.kind === 'text' && before.text === look.text)) this.#take(look.text);
        else this.#lookAgain();
    }
  }

  /** The status of a file that stays as it is makes no event: the second look needs a timer. */
  #lookAgain(): void {
    clearTimeout(this.#nextLook);
    this.#nextLook = setTimeout(() => {
      this.#nextLook = undefined;
      this.#look(false);
    }, LOOK_EVERY_MS);
    this.#nextLook.unref();
  }

  #take(text: string): void {
    try {
      this.#items = this.#format.parse(text);
    } catch (error) {
      this.#logger.error(
        { err: this.#wrong(error), file: this.#path },
        'keys could not be read: those before stay good',
      );
      return;
    }
    if (this.#items.length > 0)
      this.#logger.info({ file: this.#path, keys: this.#items.length }, 'keys were read again');
    else this.#logger.warn({ file: this.#path }, 'the list of keys is empty now: all keys of the file are revoked');
  }

  #revokeAll(): void {
    if (this.#items.length === 0) return;
    this.#items = [];
    this.#logger.warn({ file: this.#path }, 'the file of keys is missing or blank: all of its keys are revoked');
  }

  #readAtStart(): readonly Item[] {
    try {
      const items = this.#format.parse(readFileSync(this.#path, 'utf8'));
      if (items.length === 0) throw new Error(this.#format.emptyMessage);
      return items;
    } catch (error) {
      throw this.#wrong(error);
    }
  }

  #wrong(cause: unknown): WebSocketError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new WebSocketError('INVALID_OPTION', `the keys of ${this.#path} cannot be used: ${why}`, { cause });
  }
}

function lookAt(path: string): Look {
  try {
    const text = readFileSync(path, 'utf8');
    return text.trim() === '' ? { kind: 'nothing' } : { kind: 'text', text };
  } catch (error) {
    // What a folder says that was there: the file is not.
    const isGone = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    return isGone ? { kind: 'nothing' } : { kind: 'unreadable', error };
  }
}
