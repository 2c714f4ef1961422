import { isDeepStrictEqual } from 'node:util';
import type { ConnectionReadyFrame, NumberedEvent, RunSnapshotFrame, RunState, StreamPosition } from '@ws/types';
import { eventAt, openRunsAt, threadAt, type Persona, type ScriptedEvent } from './script.ts';
import { showsRun } from './snapshot-check.ts';

/** What a check needs besides frames. */
export interface CursorCheckHost {
  readonly persona: Persona;
  /** Threads asked for; `undefined` is all. */
  readonly threads: readonly string[] | undefined;
  /** Highest offset that was published by now, accepted or not. */
  readonly published: () => number;
  readonly violation: (what: string) => void;
}

/**
 * Holds what a server sends on behalf of one cursor against the protocol and the script: no gap, no double, no foreign event, text
 * whole, every loss told. Knows the protocol page and no other code of this project's client or server.
 */
export class CursorCheck {
  readonly #host: CursorCheckHost;
  #position: StreamPosition | undefined;
  /** Snapshots that have to come before the first event, after a `reset`. */
  #owed = new Map<string, RunState>();

  constructor(host: CursorCheckHost) {
    this.#host = host;
  }

  /** Where the cursor stands: what to resume from. */
  get position(): StreamPosition | undefined {
    return this.#position;
  }

  /** Whether the cursor holds everything in its view up to `head`. */
  isAt(head: number): boolean {
    return this.#position !== undefined && this.#inView(this.#position.offset, head).length === 0;
  }

  /** The server answered `hello`, in which `asked` was the position. */
  ready(frame: ConnectionReadyFrame, asked: StreamPosition | undefined): void {
    const { persona } = this.#host;
    const { epoch, offset, oldest_offset, head_offset, recovery } = frame;
    const wrong = (what: string): void => this.#wrong(`connection_ready ${recovery} at ${offset}: ${what}`);
    this.#paySnapshots();
    if (frame.user_id !== persona.userId) wrong(`it is for ${frame.user_id}`);
    if (head_offset > this.#host.published()) wrong(`its head ${head_offset} was never published`);
    if (offset > head_offset) wrong(`it is past the head ${head_offset}`);
    if (recovery === 'new' && (asked !== undefined || offset !== head_offset)) wrong('not what was asked for');
    const kept = asked !== undefined && asked.epoch === epoch && asked.offset >= oldest_offset - 1;
    if (recovery === 'resumed' && (!kept || offset !== asked.offset)) wrong(`asked for ${asked?.offset}`);
    if (recovery === 'reset') {
      if (asked === undefined || kept) wrong(`${asked?.offset} is kept: the oldest is ${oldest_offset}`);
      if (offset !== oldest_offset - 1) wrong(`the oldest is ${oldest_offset}`);
      this.#owed = this.#openRuns(offset);
    }
    const open = [...this.#openRuns(head_offset).keys()].sort();
    const told = frame.open_runs.map((run) => run.run_id).sort();
    if (!isDeepStrictEqual(told, open)) wrong(`open runs at ${head_offset} are ${open.join()}, told ${told.join()}`);
    this.#position = { epoch, offset };
  }

  snapshot({ run_id, offset, state }: RunSnapshotFrame): void {
    const expected = this.#owed.get(run_id);
    if (expected === undefined) this.#wrong(`a snapshot of run ${run_id}, which nobody waited for`);
    else if (offset !== this.#position?.offset) this.#wrong(`the snapshot of ${run_id} is of offset ${offset}`);
    else if (!showsRun(state, expected)) this.#wrong(`the snapshot of ${run_id} is not its state`);
    this.#owed.delete(run_id);
  }

  /** Takes an event; returns how many of the script it stands for. */
  event(event: NumberedEvent): number {
    const { offset, prev = offset - 1, merged = 1 } = event;
    const at = this.#position;
    if (at === undefined) {
      this.#wrong(`event ${offset} before connection_ready`);
      return 0;
    }
    this.#paySnapshots();
    if (offset <= at.offset) {
      this.#wrong(`event ${offset} after ${at.offset}`);
      return 0;
    }
    if (prev !== at.offset) this.#wrong(`gap: event ${offset} says prev ${prev}, the last was ${at.offset}`);
    if (offset > this.#host.published()) this.#wrong(`event ${offset} was never published`);
    const stretch = this.#inView(at.offset, offset).map((n) => eventAt(this.#host.persona, n));
    const last = stretch.at(-1);
    if (last === undefined || threadAt(offset) !== last.thread_id || event.event_id !== last.event_id) {
      this.#wrong(`event ${offset} is ${event.event_id}, which is not there or not in view`);
    } else if (stretch.length !== merged) {
      this.#wrong(`event ${offset} stands for ${merged} events, ${stretch.length} were due since ${at.offset}`);
    } else if (!matches(event, stretch, last)) {
      this.#wrong(`event ${offset} is not what was published: ${JSON.stringify(event).slice(0, 400)}`);
    }
    this.#position = { epoch: at.epoch, offset };
    return stretch.length;
  }

  /** The server said that the cursor is, or begins to lag, at `offset`. */
  standsAt(type: string, offset: number): void {
    if (offset !== this.#position?.offset)
      this.#wrong(`${type} at ${offset}, the cursor is at ${this.#position?.offset}`);
  }

  /** The socket is gone: what was still to come on it will not. */
  cut(): void {
    this.#owed.clear();
  }

  #paySnapshots(): void {
    if (this.#owed.size > 0) this.#wrong(`no snapshot came of ${[...this.#owed.keys()].join()}`);
    this.#owed.clear();
  }

  #openRuns(offset: number): Map<string, RunState> {
    return openRunsAt(this.#host.persona, offset, (thread) => this.#sees(thread));
  }

  #inView(after: number, upTo: number): readonly number[] {
    const offsets: number[] = [];
    for (let n = after + 1; n <= upTo; n += 1) if (this.#sees(threadAt(n))) offsets.push(n);
    return offsets;
  }

  #sees(thread: string): boolean {
    const { threads } = this.#host;
    return threads === undefined || threads.includes(thread);
  }

  #wrong(what: string): void {
    const { persona, threads, violation } = this.#host;
    violation(`${persona.userId}${threads === undefined ? '' : ` [${threads.join()}]`}: ${what}`);
  }
}

/** Whether a frame says what the script says, as one event or as deltas of one run joined. */
function matches(event: NumberedEvent, stretch: readonly ScriptedEvent[], last: ScriptedEvent): boolean {
  const isOneRun = stretch.every(({ type, run_id }) => type === last.type && run_id === last.run_id);
  const { type, run_id, thread_id, payload } = last;
  const expected =
    stretch.length === 1 ? payload : { delta: stretch.map((part) => String(part.payload['delta'])).join('') };
  return (
    isOneRun &&
    event.type === type &&
    event.run_id === run_id &&
    event.thread_id === thread_id &&
    isDeepStrictEqual(event.payload, expected)
  );
}
