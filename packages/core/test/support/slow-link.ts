import type { FakeClock } from '../../src/testing.ts';
import type { ConnectionSocket } from '../../src/connection/connection-socket.ts';
import type { FrameGroup } from '../../src/stream/frame.ts';
import type { Session } from '../../src/connection/session.ts';

/**
 * A socket whose wire carries so many bytes a second. The peer has a message when its last byte came, and answers a ping then. As with a
 * real socket, the server learns what was taken a piece at a time: here a message is a piece.
 */
export class SlowLink implements ConnectionSocket {
  readonly received: string[] = [];
  closedWith: number | undefined;
  /** Longest time in which nothing came to its end, in milliseconds: what the client sees as silence. */
  longestSilenceMs = 0;
  longestMessageBytes = 0;
  bufferedBytes = 0;
  readonly #clock: FakeClock;
  readonly #bytesPerSecond: number;
  readonly #wire: { readonly text: string | null; readonly bytes: number }[] = [];
  #heardAt: number;
  #session: Session | undefined;

  constructor(clock: FakeClock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
    this.#heardAt = clock.monotonic();
  }

  static open(clock: FakeClock, bytesPerSecond: number, accept: (socket: SlowLink) => Session): SlowLink {
    const link = new SlowLink(clock, bytesPerSecond);
    link.#session = accept(link);
    return link;
  }

  /** What the peer sends goes through at once: it is little. */
  say(frame: object): void {
    this.#session?.receive(JSON.stringify(frame));
  }

  send(groups: readonly FrameGroup[]): void {
    for (const { text } of groups.flatMap((group) => group.frames)) this.#put(text, Buffer.byteLength(text));
  }

  ping(): void {
    this.#put(null, 2);
  }

  close(code: number): void {
    this.closedWith ??= code;
  }

  terminate(): void {
    this.closedWith ??= 1006;
  }

  #put(text: string | null, bytes: number): void {
    this.bufferedBytes += bytes;
    this.#wire.push({ text, bytes });
    if (this.#wire.length === 1) this.#carry();
  }

  #carry(): void {
    const [first] = this.#wire;
    if (first === undefined || this.closedWith !== undefined) return;
    this.#clock.after((first.bytes * 1_000) / this.#bytesPerSecond, () => this.#arrived(first));
  }

  #arrived({ text, bytes }: { readonly text: string | null; readonly bytes: number }): void {
    if (this.closedWith !== undefined) return;
    this.#wire.shift();
    this.bufferedBytes -= bytes;
    if (text === null) {
      this.#session?.heard();
    } else {
      const now = this.#clock.monotonic();
      this.longestSilenceMs = Math.max(this.longestSilenceMs, now - this.#heardAt);
      this.longestMessageBytes = Math.max(this.longestMessageBytes, bytes);
      this.#heardAt = now;
      this.received.push(text);
    }
    this.#carry();
    if (this.bufferedBytes === 0) this.#session?.drained();
    else this.#session?.headway();
  }
}
