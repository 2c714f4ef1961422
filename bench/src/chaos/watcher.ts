import { createClient, type Client } from '@ws/client';
import type { HeldEvent } from './history.ts';

export interface WatcherOptions {
  readonly url: string;
  readonly userId: string;
  readonly token: string;
}

/** Short, so that a run is over soon after the last fault. */
const BACKOFF = { minMs: 100, maxMs: 2_000 };
const REQUEST_MS = 60_000;

/** A client of a user, and its history: what an application that uses it was handed. */
export class Watcher {
  readonly userId: string;
  readonly client: Client;
  /** Events with a number, in the order they were handed out since the last reset. */
  history: HeldEvent[] = [];
  resets = 0;
  reconnects = -1;
  /** What the client told of that another try would not mend. */
  readonly errors: string[] = [];

  constructor({ url, userId, token }: WatcherOptions) {
    this.userId = userId;
    this.client = createClient({
      url: `${url}/ws`,
      token,
      from: 'earliest',
      backoff: BACKOFF,
      requestTimeoutMs: REQUEST_MS,
    });
    this.client.on('*', (event) => {
      const { offset, type, event_id, run_id, merged, payload } = event;
      this.history.push({ type, offset, event_id, run_id, merged, payload: { ...payload } });
    });
    this.client.on('ready', () => (this.reconnects += 1));
    this.client.on('reset', () => {
      this.resets += 1;
      this.history = [];
    });
    this.client.on('error', ({ code, message, retryable }) => {
      // A log that is away and a server that is silent are what this is about.
      if (!retryable) this.errors.push(`${code}: ${message}`);
    });
  }

  /** Asks the demo agent something. Answers the run that answers. */
  async ask(): Promise<string> {
    const { runId } = await this.client.sendMessage({ text: 'help' });
    if (runId === undefined) throw new Error('the message was accepted, and no run was named');
    return runId;
  }
}
