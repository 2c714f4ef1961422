import type { SentMessage } from '@ws/client';
import type { WebSocketError } from '@ws/types';
import type { ThreadMessage } from './thread-log.ts';

/** A message of this page, until its event comes. */
export interface OutgoingEntry {
  /** Not known for the first message of a thread, before the server has named it. */
  readonly threadId: string | undefined;
  readonly message: ThreadMessage;
}

/** What this page sent and has not come back as an event: shown at once, and never twice. */
export class Outbox {
  /** Oldest first; another array after each change. */
  entries: readonly OutgoingEntry[] = [];

  sending(messageId: string, text: string, threadId: string | undefined): void {
    const message: ThreadMessage = { kind: 'message', messageId, text, status: 'sending' };
    this.entries = [...this.#without(messageId), { threadId, message }];
  }

  accepted({ messageId, threadId, runId }: SentMessage): void {
    const run = runId === undefined ? {} : { runId };
    this.#change(messageId, (entry) => ({
      threadId: threadId ?? entry.threadId,
      message: { ...entry.message, ...run, status: 'sent' },
    }));
  }

  failed(messageId: string, error: WebSocketError): void {
    this.#change(messageId, ({ threadId, message }) => ({
      threadId,
      message: { ...message, status: 'failed', error },
    }));
  }

  /** It came back as an event, or nobody wants to see it any more. */
  remove(messageId: string): void {
    const entries = this.#without(messageId);
    if (entries.length < this.entries.length) this.entries = entries;
  }

  /** They were of another user. */
  clear(): void {
    this.entries = [];
  }

  #change(messageId: string, change: (entry: OutgoingEntry) => OutgoingEntry): void {
    if (!this.entries.some(({ message }) => message.messageId === messageId)) return;
    this.entries = this.entries.map((entry) => (entry.message.messageId === messageId ? change(entry) : entry));
  }

  #without(messageId: string): readonly OutgoingEntry[] {
    return this.entries.filter(({ message }) => message.messageId !== messageId);
  }
}
