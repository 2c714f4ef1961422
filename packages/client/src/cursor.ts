import type { ConnectionReadyFrame, Offset, StartFrom, StreamPosition } from '@ws/types';
import type { StoredPosition } from './position-store.ts';
import { VolatileIds } from './volatile-ids.ts';

/** Where `hello` asks to begin. An offset of 0 without an epoch is `earliest`. */
export type ResumePoint = Pick<StreamPosition, 'offset'> & Partial<StreamPosition>;

/** What to do with a numbered event. */
export type Verdict =
  | { readonly kind: 'deliver'; readonly replaces?: 'volatile' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'gap'; readonly expected: Offset };

/** What of an event the cursor looks at. */
export interface Numbered {
  readonly offset: Offset;
  readonly prev?: Offset;
  readonly event_id?: string;
}

/** How a connection begins. */
export interface Beginning {
  /** What was built from earlier events is void. */
  readonly reset: boolean;
  /** It was of another user. */
  readonly userChanged: boolean;
}

/** Offset of the event before this one, in this client's view. */
export function offsetBefore({ offset, prev }: Numbered): Offset {
  return prev ?? offset - 1;
}

/** The client's place in the stream: tells what is new, what was seen, and what is missing. No I/O. */
export class Cursor {
  #position: StreamPosition | null = null;
  /** Whose stream the position lies in; `null` before that is known. */
  #userId: string | null = null;
  /** What the next `hello` asks for. Differs from the position while a reset is not completely received. */
  #resume: ResumePoint | undefined;
  #headOffset: Offset = 0;
  /** Whether the next connection begins with a reset, whatever the server calls it. */
  #startsOver = false;
  readonly #awaitedSnapshots = new Set<string>();
  readonly #volatile = new VolatileIds();

  constructor(from: StartFrom) {
    if (from === 'earliest') this.#resume = { offset: 0 };
    else if (from !== 'latest') this.restore(from);
  }

  get position(): StreamPosition | null {
    return this.#position;
  }

  get userId(): string | null {
    return this.#userId;
  }

  get resume(): ResumePoint | undefined {
    return this.#resume;
  }

  /** Starts from a position that was kept. */
  restore({ epoch, offset, userId }: StoredPosition): void {
    this.#position = this.#resume = { epoch, offset };
    if (userId !== undefined) this.#userId = userId;
  }

  /** A connection starts. `null` if it goes on from a place in another user's stream: it has to be asked for again, from the start. */
  ready(frame: ConnectionReadyFrame): Beginning | null {
    const had = this.#position;
    const userChanged = this.#userId !== null && frame.user_id !== this.#userId;
    if (userChanged) {
      const isAnswer = frame.recovery === 'reset' || this.#resume?.epoch === undefined;
      this.#resume = { offset: 0 };
      if (!isAnswer) return null;
    }
    this.#userId = frame.user_id;
    // A server that skips what was asked for did not resume, whatever it calls it.
    const reset =
      userChanged ||
      this.#startsOver ||
      frame.recovery === 'reset' ||
      (had !== null && (frame.recovery === 'new' || frame.epoch !== had.epoch || frame.offset > had.offset));
    this.#headOffset = frame.head_offset;
    this.#awaitedSnapshots.clear();
    if (reset) {
      this.#volatile.clear();
      for (const run of frame.open_runs) this.#awaitedSnapshots.add(run.run_id);
    }
    if (reset || had === null) this.#position = { epoch: frame.epoch, offset: frame.offset };
    this.#confirmReset();
    return { reset, userChanged };
  }

  /** What the client sees has changed: everything up to here was received that it saw before. */
  moveTo(offset: Offset): void {
    if (this.#position === null || offset <= this.#position.offset) return;
    this.#position = { epoch: this.#position.epoch, offset };
    this.#confirmReset();
  }

  /** The next connection begins at the oldest event, and what was built so far is void. */
  startOver(): void {
    this.#startsOver = true;
    this.#resume = { offset: 0 };
  }

  /** A snapshot came: with the last one the reset is complete, and a later connection resumes from here. */
  snapshot(runId: string): void {
    if (this.#awaitedSnapshots.delete(runId)) this.#confirmReset();
  }

  /** Judges a numbered event; one that is delivered moves the position. */
  admit(event: Numbered): Verdict {
    if (this.#position === null) return { kind: 'gap', expected: 0 };
    const { epoch, offset } = this.#position;
    if (event.offset <= offset) return { kind: 'duplicate' };
    if (offsetBefore(event) !== offset) return { kind: 'gap', expected: offset };
    this.#position = { epoch, offset: event.offset };
    // Snapshots come before the events that follow them: none is missing any more.
    this.#awaitedSnapshots.clear();
    this.#confirmReset();
    const replaces = event.event_id !== undefined && this.#volatile.take(event.event_id);
    return replaces ? { kind: 'deliver', replaces: 'volatile' } : { kind: 'deliver' };
  }

  /** Judges an event without an offset: `false` if it was delivered before. */
  admitVolatile(eventId: string): boolean {
    return this.#volatile.add(eventId);
  }

  /** The server fell behind with this connection: what comes until `headOffset` is not live. */
  lagging(headOffset: Offset): void {
    this.#headOffset = Math.max(this.#headOffset, headOffset);
  }

  isReplay(offset: Offset): boolean {
    return offset <= this.#headOffset;
  }

  #confirmReset(): void {
    // A connection that breaks before the last snapshot must get the reset again, so it asks from the old position.
    if (this.#awaitedSnapshots.size > 0 || this.#position === null) return;
    this.#resume = this.#position;
    this.#startsOver = false;
  }
}
