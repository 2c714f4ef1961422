import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  writeSync,
  type BigIntStats,
} from 'node:fs';
import { dirname } from 'node:path';
import { systemClock, type Clock, type Timer } from '@ws/core/log';
import type { Epoch } from '@ws/types';

/** What a mark says of the database file beside it. */
interface Mark extends MarkedState {
  /** The folder, and the disk that it lies on. */
  readonly path: string;
  readonly device: string;
  /** What the folder and the mark are in the file system: number, and time of birth, where it is kept. Numbers are used again. */
  readonly folder: string;
  readonly file: string;
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
}

/** How far a database file is. */
export interface MarkedState {
  readonly epoch: Epoch;
  /** The number of its newest event, whatever the stream. */
  readonly newest: number;
}

/** Where a mark lies, as the file system sees it. */
type Place = Pick<Mark, 'path' | 'device' | 'folder' | 'file'>;

/** The times of files are not kept to the millisecond everywhere. */
const TOLERANCE_MS = 5_000;
/** How far it may be behind, in milliseconds: writing it with every commit would make small ones a quarter dearer. */
const BEHIND_MS = 100;
/** Room for a number to grow. */
const SPARE = 32;

/**
 * A small file beside the database, `events.db-mark`, which says how far the database is: by it an older copy that was put in its
 * place is known. It is written soon after a commit, and never ahead of the database. So a process that was killed, or a machine that
 * went down, leaves it a little behind, which is no sign of anything.
 *
 * A person who puts an older copy of both back, and not of the database alone, is known by the mark itself: in the folder where it was
 * written it is another file then, or was written at another time. A folder that was moved to another disk, or to another name, is
 * not. What nothing tells of is a whole older folder under another name, and an older snapshot of a volume: there the operator has to
 * say it (`newEpoch`).
 */
export class FileMark {
  readonly #path: string;
  #descriptor: number | undefined;
  #place: Place | undefined;
  readonly #clock: Pick<Clock, 'after'>;
  #timer: Timer | undefined;
  #length = 0;
  #epoch: Epoch = '';
  #newest = 0;
  #written = 0;

  /** Opens the mark of a database file; makes an empty one where there is none. */
  constructor(databasePath: string, clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
    this.#path = `${databasePath}-mark`;
    try {
      const { O_CREAT, O_RDWR } = constants;
      this.#descriptor = openSync(this.#path, O_RDWR | O_CREAT, statSync(databasePath).mode);
      this.#place = placeOf(this.#path, this.#descriptor);
    } catch {
      // A full disk, or one that can't be written to: what it said before stays true, and it is made at the next opening.
    }
  }

  /** Whether the mark can be written. */
  get isKept(): boolean {
    return this.#place !== undefined;
  }

  /**
   * Whether the database is an older copy than the one the mark is of. `isMarked`: it had a mark at some time. To be asked under the
   * lock of the database: another process may be opening it, too.
   */
  tellsOfOlder(state: MarkedState, isMarked: boolean): boolean {
    const found = readMark(this.#path);
    if (found === undefined) return isMarked;
    if (found === 'unreadable') return true;
    return found.epoch !== state.epoch || state.newest < found.newest || this.#isPutBack(found);
  }

  /** Notes how far the database is when it was opened, and puts it on disk. */
  begin(state: MarkedState): void {
    this.#epoch = state.epoch;
    this.#newest = state.newest;
    if (this.#descriptor === undefined) return;
    this.#length = Buffer.byteLength(this.#text()) + SPARE;
    try {
      this.#write(this.#descriptor);
      ftruncateSync(this.#descriptor, this.#length);
      fsyncSync(this.#descriptor);
    } catch {
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
      this.#place = undefined;
    }
  }

  /** The database has a newer event. */
  saw(newest: number): void {
    this.#newest = newest;
    if (this.#descriptor !== undefined) this.#timer ??= this.#clock.after(BEHIND_MS, () => this.#catchUp());
  }

  close(): void {
    this.#catchUp();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #catchUp(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#descriptor === undefined || this.#newest === this.#written) return;
    try {
      this.#write(this.#descriptor);
    } catch {
      // It stays behind until the next time.
    }
  }

  /** Always as many bytes, so that nothing is left of what was there. */
  #write(descriptor: number): void {
    const bytes = Buffer.alloc(this.#length, ' ');
    bytes.write(this.#text());
    writeSync(descriptor, bytes, 0, bytes.length, 0);
    this.#written = this.#newest;
  }

  #text(): string {
    return JSON.stringify({ epoch: this.#epoch, newest: this.#newest, ...this.#place, at: systemClock.now() });
  }

  #isPutBack(found: Mark): boolean {
    const { path, device, folder, file } = this.#place ?? found;
    if (path !== found.path || device !== found.device) return false;
    const writtenAt = statSync(this.#path).mtimeMs;
    return !isSame(folder, found.folder) || !isSame(file, found.file) || Math.abs(writtenAt - found.at) > TOLERANCE_MS;
  }
}

function placeOf(path: string, descriptor: number): Place {
  const folderPath = realpathSync(dirname(path));
  const folder = statSync(folderPath, { bigint: true });
  const file = fstatSync(descriptor, { bigint: true });
  // Where a time of birth is not kept, the system gives another time in its place, which changes.
  const isKept = folder.birthtimeNs > 0n && folder.birthtimeNs !== folder.ctimeNs;
  const identity = ({ ino, birthtimeNs }: BigIntStats) => `${ino}:${isKept ? birthtimeNs : ''}`;
  return { path: folderPath, device: String(folder.dev), folder: identity(folder), file: identity(file) };
}

function isSame(identity: string, other: string): boolean {
  const [number, birth = ''] = identity.split(':');
  const [otherNumber, otherBirth = ''] = other.split(':');
  return number === otherNumber && (birth === otherBirth || birth === '' || otherBirth === '');
}

function readMark(path: string): Mark | 'unreadable' | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : 'unreadable';
  }
  // Made by a process that got no further.
  if (text === '') return undefined;
  try {
    const mark: unknown = JSON.parse(text);
    return isMark(mark) ? mark : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null) return false;
  const mark: Partial<Record<keyof Mark, unknown>> = value;
  const texts = [mark.epoch, mark.path, mark.device, mark.folder, mark.file];
  return texts.every((text) => typeof text === 'string') && Number.isFinite(mark.newest) && Number.isFinite(mark.at);
}
