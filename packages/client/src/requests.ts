import { parseClientFrame, WebSocketError, type AcceptedFrame, type ClientFrame, type ErrorFrame } from '@ws/types';
import type { RequestOptions } from './client.ts';
import type { Clock } from './clock.ts';

interface Pending {
  readonly text: string;
  /** What the answer names. */
  readonly ref: string;
  readonly accept: (answer: AcceptedFrame) => void;
  readonly reject: (error: unknown) => void;
}

export interface RequestsSettings {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Sends a text, or does nothing where no connection is ready. */
  readonly send: (text: string) => void;
  /** A text that was sent is given up. */
  readonly giveUp: (text: string) => void;
}

/** Requests that wait for an answer: sent now or when a connection is ready, and again after each reconnect. */
export class Requests {
  readonly #settings: RequestsSettings;
  readonly #pending = new Set<Pending>();
  #maxBytes = Infinity;

  constructor(settings: RequestsSettings) {
    this.#settings = settings;
  }

  /** Sends a frame whose answer names `ref`. Rejects as {@link Client} says. */
  request(frame: ClientFrame, ref: string, options: RequestOptions = {}): Promise<AcceptedFrame> {
    const text = JSON.stringify(frame);
    // The door of the server: what it would close the connection for is refused here.
    const checked = parseClientFrame(text);
    if (!checked.ok) return Promise.reject(new WebSocketError(checked.code, checked.message));
    const { signal, timeoutMs = this.#settings.timeoutMs } = options;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#pending.delete(pending);
        timer.cancel();
        signal?.removeEventListener('abort', abort);
      };
      const pending: Pending = {
        text,
        ref,
        accept: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (error) => {
          settle();
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an abort reason is what the caller chose
          reject(error);
        },
      };
      const giveUp = (reason: unknown): void => {
        pending.reject(reason);
        this.#settings.giveUp(text);
      };
      const abort = (): void => giveUp(signal?.reason);
      const timer = this.#settings.clock.after(timeoutMs, () =>
        giveUp(new WebSocketError('REQUEST_TIMEOUT', `no answer to ${frame.type} within ${timeoutMs} ms`)),
      );
      if (signal?.aborted === true) return abort();
      signal?.addEventListener('abort', abort);
      this.#pending.add(pending);
      this.#transmit(pending);
    });
  }

  /** A connection is ready: everything unanswered goes out, in order. */
  ready(maxMessageBytes: number): void {
    this.#maxBytes = maxMessageBytes;
    for (const pending of [...this.#pending]) this.#transmit(pending);
  }

  accepted(frame: AcceptedFrame): void {
    this.#find(frame.ref)?.accept(frame);
  }

  /** Settles the request an error answers, unless another server will; `false` if it answers none. */
  refused({ code, message, ref }: ErrorFrame): boolean {
    const pending = ref === undefined ? undefined : this.#find(ref);
    // A server that goes away did nothing: the request goes out again after the reconnect that follows.
    if (pending !== undefined && code === 'DRAINING') return true;
    pending?.reject(new WebSocketError(code, message));
    return pending !== undefined;
  }

  rejectAll(error: WebSocketError): void {
    for (const pending of [...this.#pending]) pending.reject(error);
  }

  // The server answers in order, so of two requests with one ref the older is answered first.
  #find(ref: string): Pending | undefined {
    for (const pending of this.#pending) if (pending.ref === ref) return pending;
    return undefined;
  }

  #transmit(pending: Pending): void {
    // A larger one would cost the connection, for good.
    const bytes = new TextEncoder().encode(pending.text).length;
    if (bytes <= this.#maxBytes) return this.#settings.send(pending.text);
    pending.reject(
      new WebSocketError('MESSAGE_TOO_BIG', `the message has ${bytes} bytes, the server takes ${this.#maxBytes}`),
    );
  }
}
