import type { Offset, ReceivedEvent, WebSocketError } from '@ws/types';

/** A message of the user in a thread. */
export interface ThreadMessage {
  readonly kind: 'message';
  readonly messageId: string;
  readonly text: string;
  /**
   * `sending`: on its way, which may outlast a broken connection. `sent`: the server has it. `failed`: given up, see `error`; to send it
   * again with the same `messageId` is safe.
   */
  readonly status: 'sending' | 'sent' | 'failed';
  /** The run that answers it, where it is known. */
  readonly runId?: string;
  /** When the server took it, in milliseconds since 1970. */
  readonly timestamp?: number;
  readonly error?: WebSocketError;
}

/** The place of a run in its thread; `useRun` has the run itself. */
export interface ThreadRun {
  readonly kind: 'run';
  readonly runId: string;
}

/** One thing in a thread, to be shown in this order. */
export type ThreadEntry = ThreadMessage | ThreadRun;

export type ThreadEntries = readonly ThreadEntry[];

/** Under this key stand the runs and messages that belong to no thread: it is no id of one. */
export const NO_THREAD = '';

/** Entries kept of each thread; beyond it the oldest go. */
const MAX_ENTRIES = 1_000;

/** Messages and runs of all threads, in the order of the stream: an open run is known before the message that it answers is replayed. */
export class ThreadLog {
  /** By thread id, or {@link NO_THREAD}; another map after each change. */
  threads: ReadonlyMap<string, ThreadEntries> = new Map();
  readonly #seen = new Set<string>();
  /** The offset at which each entry began. */
  readonly #offsets = new WeakMap<ThreadEntry, Offset>();

  event(event: ReceivedEvent): void {
    const { thread_id, run_id, offset } = event;
    if (event.type !== 'user_message') return this.run(run_id, thread_id, offset);
    const { message_id, text } = event.payload;
    const message: ThreadMessage = {
      kind: 'message',
      messageId: message_id,
      text,
      status: 'sent',
      timestamp: event.timestamp,
      ...(run_id === undefined ? {} : { runId: run_id }),
    };
    this.#add(thread_id, `message ${message_id}`, message, offset);
  }

  /** Whether a message came back as an event. */
  hasMessage(messageId: string): boolean {
    return this.#seen.has(`message ${messageId}`);
  }

  /** A run is known from one of its events, or because the server says that it is open. `offset`: where it began; `undefined`: now. */
  run(runId: string | undefined, threadId: string | undefined, offset: Offset | undefined): void {
    if (runId !== undefined) this.#add(threadId, `run ${runId}`, { kind: 'run', runId }, offset);
  }

  /** The stream starts over. */
  clear(): void {
    this.threads = new Map();
    this.#seen.clear();
  }

  #add(threadId: string | undefined, key: string, entry: ThreadEntry, offset: Offset | undefined): void {
    // Events of a run may leave out the thread that its start named, so this says nothing about the run: `selectThread` asks the run.
    const seen = threadId === undefined ? `unnamed ${key}` : key;
    if (this.#seen.has(seen)) return;
    this.#seen.add(seen);
    const thread = threadId ?? NO_THREAD;
    const entries = this.threads.get(thread) ?? [];
    const startOf = (known: ThreadEntry | undefined): Offset => (known && this.#offsets.get(known)) ?? 0;
    // An event without an offset is the newest.
    const start = offset ?? startOf(entries.at(-1));
    this.#offsets.set(entry, start);
    const place = entries.findLastIndex((known) => startOf(known) <= start) + 1;
    this.threads = new Map(this.threads).set(thread, entries.toSpliced(place, 0, entry).slice(-MAX_ENTRIES));
  }
}
