import type { Clock, Timer } from './clock.ts';
import type { Random } from './random.ts';
import type { SocketLike, WebSocketConstructor } from './socket.ts';

/** Longest wait before the first try, in milliseconds; it doubles with each. */
const FIRST_MS = 15_000;
const LONGEST_MS = 300_000;

export interface ProbeSettings {
  readonly WebSocket: WebSocketConstructor;
  readonly subprotocol: string;
  readonly address: () => Promise<string>;
  readonly clock: Clock;
  readonly random: Random;
  /** Time for the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** A WebSocket got an answer of the server. */
  readonly works: () => void;
}

/**
 * Looks now and then whether WebSockets work, while a client is connected in another way. One that opens is not enough: some proxies
 * let it open and nothing through. So a frame is said that the server refuses, without a credential and before `hello`: its answer shows
 * that both directions work, and it makes no session.
 */
export class WebSocketProbe {
  readonly #settings: ProbeSettings;
  #timer: Timer | null = null;
  #socket: SocketLike | null = null;
  #isStopped = false;

  constructor(settings: ProbeSettings) {
    this.#settings = settings;
    this.#wait(0);
  }

  stop(): void {
    this.#isStopped = true;
    this.#endTry();
  }

  #wait(tries: number): void {
    const { clock, random } = this.#settings;
    const ms = (Math.min(FIRST_MS * 2 ** tries, LONGEST_MS) * (1 + random())) / 2;
    this.#timer = clock.after(ms, () => void this.#try(tries));
  }

  async #try(tries: number): Promise<void> {
    const { WebSocket, subprotocol, address, clock, timeoutMs, works } = this.#settings;
    const failed = (): void => {
      this.#endTry();
      if (!this.#isStopped) this.#wait(tries + 1);
    };
    try {
      const url = new URL(await address());
      if (this.#isStopped) return;
      // A single-use ticket is not spent on this.
      url.searchParams.delete('ticket');
      const socket = (this.#socket = new WebSocket(url.href, [subprotocol]));
      this.#timer = clock.after(timeoutMs, failed);
      socket.onopen = () => socket.send('{"type":"ping"}');
      socket.onmessage = () => {
        this.stop();
        works();
      };
      // `ws` throws where there is no listener.
      socket.onerror = () => {};
      socket.onclose = failed;
    } catch {
      failed();
    }
  }

  #endTry(): void {
    this.#timer?.cancel();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
