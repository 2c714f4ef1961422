import type { Clock } from './clock.ts';
import { httpUrl, type HttpCalls } from './http-calls.ts';

// Loaded with `event-stream-socket.ts`, where it is needed.

/** Longest time for which a stream that brings something is not acknowledged, in milliseconds. */
const ACKNOWLEDGE_MS = 20_000;

/** Says that a stream is read. Where that does not reach the process that serves it, the stream ends and is asked for again. */
export class StreamAcknowledgement {
  readonly #url: string;
  readonly #calls: HttpCalls;
  readonly #clock: Clock;
  /** The connection as the server counts it. */
  #connectionId = '';
  /** When the stream was last acknowledged. */
  #acknowledgedAt = Infinity;
  /** The newest sign of life. */
  #sign = new AbortController();

  constructor(url: string, calls: HttpCalls, clock: Clock) {
    this.#url = url;
    this.#calls = calls;
    this.#clock = clock;
  }

  /** A stream begins, or goes on under another connection id. */
  begin(connectionId: string): void {
    this.#connectionId = connectionId;
    this.#acknowledgedAt = this.#clock.monotonic();
  }

  /** On a slow link no comment comes for long: those of the server wait behind what the link has to carry. */
  inTime(): void {
    if (this.#clock.monotonic() - this.#acknowledgedAt >= ACKNOWLEDGE_MS) this.now();
  }

  now(): void {
    this.#acknowledgedAt = this.#clock.monotonic();
    const url = httpUrl(this.#url, 'v1/frames');
    // A single-use ticket is not spent on this.
    if (url.searchParams.has('ticket')) return;
    const body = JSON.stringify({ type: 'ping', connection_id: this.#connectionId });
    // One at a time: a browser has six connections to a host, and those that are lost would hold all of them.
    this.#sign.abort();
    this.#sign = new AbortController();
    this.#calls
      .post(url, body, this.#sign.signal)
      .then((response) => response.text())
      .catch(() => {});
  }

  stop(): void {
    this.#sign.abort();
  }
}
