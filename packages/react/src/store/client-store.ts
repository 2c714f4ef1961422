import { createRunStore, type Client, type OutgoingMessage, type RunStore, type SentMessage } from '@ws/client';
import { isDeltaEvent, type Offset, type ReceivedEvent } from '@ws/types';
import { viewConnection, type ConnectionView } from './connection-view.ts';
import { createMessageId } from './message-id.ts';
import { Outbox } from './outbox.ts';
import type { Schedule } from './schedule.ts';
import type { Shown } from './shown.ts';
import { ThreadLog } from './thread-log.ts';
import { toWebSocketError } from './to-web-socket-error.ts';

/** Events kept for `useLatestEvent`. */
const MAX_RECENT = 256;

/** What a store needs beside its client. */
export interface StoreParts {
  readonly schedule: Schedule;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since some moment, whatever the wall clock is set to. */
  readonly monotonic: () => number;
}

/**
 * All that a client receives, folded as it comes and shown once a frame: a thousand deltas between two frames are one change. Follows
 * its client for as long as that lives.
 */
export class ClientStore {
  readonly client: Client;
  readonly #parts: StoreParts;
  readonly #runs: RunStore;
  readonly #threads = new ThreadLog();
  readonly #outbox = new Outbox();
  readonly #listeners = new Set<{ readonly call: () => void }>();
  #recent: ReceivedEvent[] = [];
  #connection: ConnectionView;
  #connectionAt: number;
  #shown: Shown;
  #userId: string | null;
  #isDue = false;

  constructor(client: Client, parts: StoreParts) {
    this.client = client;
    this.#parts = parts;
    this.#runs = createRunStore(client);
    this.#userId = client.userId;
    for (const run of client.openRuns) this.#threads.run(run.run_id, run.thread_id, run.started_offset);
    this.#connection = viewConnection(client, parts.now());
    this.#connectionAt = parts.monotonic();
    this.#shown = this.#now();
    this.#follow(client);
  }

  /** The same object until the next frame that has something new. */
  get shown(): Shown {
    return this.#shown;
  }

  /** Calls `listener` after each change of {@link ClientStore.shown}. */
  subscribe(listener: () => void): () => void {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Sends a message, which is shown from now on. Rejects as {@link Client.sendMessage}. */
  async send({ text, threadId, messageId = createMessageId() }: OutgoingMessage): Promise<SentMessage> {
    // A message that was given up may have arrived all the same: sent again, it is not shown twice.
    if (!this.#threads.hasMessage(messageId)) this.#outbox.sending(messageId, text, threadId);
    this.#changed();
    try {
      const message = { text, messageId, ...(threadId === undefined ? {} : { threadId }) };
      const sent = await this.client.sendMessage(message);
      this.#outbox.accepted(sent);
      return sent;
    } catch (cause) {
      this.#outbox.failed(messageId, toWebSocketError(cause));
      throw cause;
    } finally {
      this.#changed();
    }
  }

  /** Shows a message no longer that could not be sent. */
  forget(messageId: string): void {
    this.#outbox.remove(messageId);
    this.#changed();
  }

  // Runs fold first: what is written down here about an event may ask for its run.
  #follow(client: Client): void {
    this.#runs.subscribe(() => this.#changed());
    client.on('*', (event) => this.#event(event));
    client.on('volatile', (event) => this.#event(event));
    client.on('reset', ({ userId }) => {
      this.#threads.clear();
      this.#recent = [];
      // What was on its way goes on with a new numbering, and ends with its user.
      if (this.#userId !== userId) this.#outbox.clear();
      this.#userId = userId;
      this.#changed();
    });
    client.on('runSnapshot', (frame) => this.#run(frame.run_id, frame.thread_id, frame.offset));
    // Comes after a reset, where `openRuns` comes before it.
    client.on('ready', ({ openRuns, userId }) => {
      this.#userId = userId;
      for (const run of openRuns) this.#run(run.run_id, run.thread_id, run.started_offset);
    });
    client.on('threads', () => {
      for (const run of client.openRuns) this.#run(run.run_id, run.thread_id, run.started_offset);
    });
    for (const name of ['state', 'mode'] as const) {
      client.on(name, () => {
        this.#connection = viewConnection(client, this.#parts.now());
        if (name === 'state') this.#connectionAt = this.#parts.monotonic();
        this.#changed();
      });
    }
  }

  #event(event: ReceivedEvent): void {
    this.#threads.event(event);
    if (event.type === 'user_message') this.#outbox.remove(event.payload.message_id);
    if (!isDeltaEvent(event.type)) {
      this.#recent.push(event);
      if (this.#recent.length > 2 * MAX_RECENT) this.#recent = this.#recent.slice(-MAX_RECENT);
    }
    this.#changed();
  }

  #run(runId: string, threadId: string | undefined, offset: Offset): void {
    this.#threads.run(runId, threadId, offset);
    this.#changed();
  }

  #changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#parts.schedule(() => {
      this.#isDue = false;
      this.#shown = this.#now();
      for (const { call } of [...this.#listeners]) call();
    });
  }

  #now(): Shown {
    return {
      connection: this.#connection,
      connectionAt: this.#connectionAt,
      runs: new Map(this.#runs.getSnapshot().map((run) => [run.run_id, run])),
      threads: this.#threads.threads,
      outbox: this.#outbox.entries,
      recent: this.#recent.slice(-MAX_RECENT),
    };
  }
}
