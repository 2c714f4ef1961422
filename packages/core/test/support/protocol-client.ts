import {
  foldRunEvent,
  shouldReconnect,
  type NumberedEvent,
  type Recovery,
  type RunState,
  type VolatileEvent,
  type WireFrame,
} from '@ws/types';
import type { FakeSocket } from '../../src/testing.ts';
import { appendToHistory, type HistoryItem } from './history.ts';

/** The threads that a client sees after an offset; `undefined` is all. */
export interface ClientView {
  readonly from: number;
  readonly threads: readonly string[] | undefined;
}

/**
 * A client that knows the protocol page and nothing else: it checks offsets and `prev`, resumes after a lost connection, starts
 * afresh when it is told `reset`, and keeps what a screen would show.
 */
export class ProtocolClient {
  readonly #open: (hello: object) => FakeSocket;
  /** The threads in force; `undefined` is all. */
  threads: readonly string[] | undefined;
  readonly recoveries: Recovery[] = [];
  /** What the client holds, from {@link from} on. */
  history: HistoryItem[] = [];
  /** What it sees and saw since its history began. */
  views: ClientView[] = [];
  readonly runs = new Map<string, RunState>();
  /** Runs that it knows from their beginning or from a snapshot. */
  readonly wholeRuns = new Set<string>();
  /** Volatile events of this connection whose numbered copy has not come, by id. */
  readonly #volatile = new Map<string, VolatileEvent>();
  readonly #numberedIds = new Set<string>();
  socket: FakeSocket | undefined;
  #seen = 0;
  #epoch: string | undefined;
  #last = -1;
  #ready = false;
  #stalled = false;

  constructor(open: (hello: object) => FakeSocket, threads?: readonly string[]) {
    this.#open = open;
    this.threads = threads;
  }

  get connected(): boolean {
    return this.socket !== undefined;
  }

  get last(): number {
    return this.#last;
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** Ids of volatile events that are still shown as such. */
  get volatile(): readonly string[] {
    return [...this.#volatile.keys()];
  }

  connect(batch = false): void {
    if (this.socket !== undefined) return;
    this.#seen = 0;
    this.#ready = false;
    // What became of them is in the log, if anywhere.
    this.#volatile.clear();
    const from = this.#epoch === undefined ? {} : { from: { epoch: this.#epoch, offset: this.#last } };
    const threads = this.threads === undefined ? {} : { threads: this.threads };
    this.socket = this.#open({ ...from, ...threads, batch });
  }

  /** Asks to see other threads. They are in force when the answer comes, and not if the connection is lost before. */
  setThreads(threads: readonly string[] | undefined): void {
    if (!this.#ready) return;
    this.socket?.say({ type: 'set_threads', request_id: 's', ...(threads === undefined ? {} : { threads }) });
  }

  /** From now on nothing gets through. */
  stall(): void {
    this.read();
    this.#stalled = this.socket !== undefined;
    this.socket?.stall();
  }

  unstall(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    this.socket?.unstall();
  }

  /** The connection is lost, and with it what had not got through. */
  disconnect(): void {
    this.read();
    this.#stalled = false;
    this.socket?.cut();
    this.socket = undefined;
  }

  /** Reads what has arrived, as far as the wire let it through, and notices a close. */
  read(): void {
    const { socket } = this;
    if (socket === undefined || this.#stalled) return;
    for (const frame of socket.frames.slice(this.#seen)) this.#take(frame);
    this.#seen = socket.frames.length;
    if (socket.closedWith === undefined) return;
    if (!shouldReconnect(socket.closedWith.code)) throw new Error(`closed for good with ${socket.closedWith.code}`);
    socket.cut();
    this.socket = undefined;
  }

  #take(frame: WireFrame): void {
    if (!this.#ready) {
      if (frame.type === 'error') return;
      if (frame.type !== 'connection_ready' || !('recovery' in frame)) {
        throw new Error(`the first frame is ${frame.type}`);
      }
      this.#begin(frame);
      return;
    }
    if (frame.type === 'run_snapshot' && 'state' in frame) {
      this.runs.set(frame.run_id, frame.state);
      this.wholeRuns.add(frame.run_id);
      return;
    }
    if (frame.type === 'accepted' && 'ref' in frame) this.#seeThreads(frame);
    if ('payload' in frame) this.#takeEvent(frame);
  }

  #begin({ epoch, offset, recovery, oldest_offset }: Extract<WireFrame, { recovery: Recovery }>): void {
    this.#ready = true;
    this.recoveries.push(recovery);
    if (recovery === 'resumed') {
      if (epoch !== this.#epoch || offset !== this.#last) throw new Error('resumed somewhere else');
      return;
    }
    if (recovery === 'reset' && epoch === this.#epoch && this.#last >= oldest_offset - 1) {
      throw new Error(`reset although ${this.#last} is kept: the oldest is ${oldest_offset}`);
    }
    if (recovery === 'new' && this.#epoch !== undefined) throw new Error('a resume was asked for and ignored');
    this.#epoch = epoch;
    this.#last = offset;
    this.views = [{ from: offset, threads: this.threads }];
    this.history = [];
    this.runs.clear();
    this.wholeRuns.clear();
    this.#numberedIds.clear();
  }

  #seeThreads({ offset, threads, open_runs }: Extract<WireFrame, { type: 'accepted'; ref: string }>): void {
    if (offset === undefined || open_runs === undefined) throw new Error('the answer to set_threads is not whole');
    if (offset < this.#last) throw new Error(`set_threads counts from ${offset}, and ${this.#last} has come`);
    this.threads = threads;
    this.#last = offset;
    this.views.push({ from: offset, threads });
    // What is not seen any more misses events from now on.
    this.wholeRuns.clear();
    const isSeen = ({ thread_id }: VolatileEvent): boolean =>
      threads === undefined || thread_id === undefined || threads.includes(thread_id);
    for (const [id, event] of this.#volatile) if (!isSeen(event)) this.#volatile.delete(id);
  }

  #takeEvent(event: NumberedEvent | VolatileEvent): void {
    if (event.offset === undefined) {
      this.#takeVolatile(event);
      return;
    }
    this.#replaceVolatile(event);
    const prev = event.prev ?? event.offset - 1;
    if (prev !== this.#last) throw new Error(`gap: after ${this.#last} came ${event.offset} with prev ${prev}`);
    if (event.offset <= this.#last) throw new Error(`offset ${event.offset} after ${this.#last}`);
    this.#last = event.offset;
    appendToHistory(this.history, event);
    const { run_id } = event;
    if (run_id === undefined) return;
    if (event.type === 'agent_started') this.wholeRuns.add(run_id);
    this.runs.set(run_id, foldRunEvent(this.runs.get(run_id), event));
  }

  #takeVolatile(event: VolatileEvent): void {
    if (this.#numberedIds.has(event.event_id)) throw new Error(`${event.event_id} is volatile after it was numbered`);
    this.#volatile.set(event.event_id, event);
  }

  #replaceVolatile(event: NumberedEvent): void {
    this.#numberedIds.add(event.event_id);
    const shown = this.#volatile.get(event.event_id);
    if (shown === undefined) return;
    this.#volatile.delete(event.event_id);
    const isCopy = shown.type === event.type && JSON.stringify(shown.payload) === JSON.stringify(event.payload);
    if (!isCopy) throw new Error(`the numbered copy of ${event.event_id} is another event`);
  }
}
