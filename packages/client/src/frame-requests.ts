import type { ClientFrame, HelloFrame } from '@ws/types';
import type { Clock } from './clock.ts';
import { BROKEN, httpUrl, type HttpCalls } from './http-calls.ts';

// Loaded with `event-stream-socket.ts`, where it is needed.

/** A frame that was not answered yet. */
interface SentFrame {
  readonly frame: Exclude<ClientFrame, HelloFrame>;
  readonly text: string;
}

export interface FrameRequestsOptions {
  readonly calls: HttpCalls;
  readonly clock: Clock;
  /** Time for the answer to a frame of no size, in milliseconds. */
  readonly timeoutMs: number;
  /** Asked for each frame that is sent: an address with a single-use ticket is good for one request. */
  readonly address: () => Promise<string>;
  /** Whose stream it is: the cookie that a page sends may belong to another user by now. */
  readonly userId: () => string;
  /** Takes the frame that the server answers with. */
  readonly receive: (text: string) => void;
  /** Ends the connection with a close code. */
  readonly end: (code: number) => void;
}

/** Sends frames as requests, one after the other, so that the server gets them in order. */
export class FrameRequests {
  readonly #options: FrameRequestsOptions;
  /** The first is under way. */
  readonly #frames: SentFrame[] = [];
  #attempt = new AbortController();
  #isPosting = false;

  constructor(options: FrameRequestsOptions) {
    this.#options = options;
  }

  send(frame: SentFrame['frame'], text: string): void {
    this.#frames.push({ frame, text });
    // A request that could not be made: the connection is lost.
    if (!this.#isPosting) this.#postAll().catch(() => this.#options.end(BROKEN));
  }

  giveUp(text: string): void {
    const index = this.#frames.findIndex((sent) => sent.text === text);
    if (index >= 0) this.#frames.splice(index, 1);
    if (index === 0) this.#attempt.abort();
  }

  stop(): void {
    this.#frames.length = 0;
    this.#attempt.abort();
  }

  async #postAll(): Promise<void> {
    this.#isPosting = true;
    for (let [sent] = this.#frames; sent !== undefined; [sent] = this.#frames) {
      const isDone = (await this.#post(sent)) || sent.frame.type === 'ack';
      // A lost frame is sent again under its id. A frame that was given up is no longer in the queue.
      if (isDone && this.#frames[0] === sent) this.#frames.shift();
    }
    this.#isPosting = false;
  }

  /** Makes one request of a frame; `false` if no answer came, or is awaited any more. */
  async #post({ frame, text }: SentFrame): Promise<boolean> {
    const { calls, clock, timeoutMs, address, userId, receive, end } = this.#options;
    const attempt = (this.#attempt = new AbortController());
    // A millisecond more for each byte: a link of 1 kB/s is slow, and not broken.
    const timer = clock.after(timeoutMs + text.length, () => attempt.abort());
    try {
      const url = httpUrl(await address(), 'v1/frames');
      url.searchParams.set('user_id', userId());
      const response = await calls.post(url, text, attempt.signal);
      if (response.status === 200) receive(await response.text());
      else if (!response.ok) {
        const code = await calls.refused(response, false, refOf(frame));
        if (code !== undefined) end(code);
      }
      return true;
    } catch (error) {
      if (attempt.signal.aborted) return false;
      throw error;
    } finally {
      timer.cancel();
    }
  }
}

function refOf(frame: SentFrame['frame']): string | undefined {
  switch (frame.type) {
    case 'user_message':
      return frame.message_id;
    case 'tool_approval':
    case 'read_approval':
      return frame.tool_call_id;
    case 'cancel_run':
      return frame.run_id;
    default:
      return undefined;
  }
}
