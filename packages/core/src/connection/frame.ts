import type { ControlFrame, Offset } from '@ws/types';

/**
 * One frame of the protocol, encoded. An event's frame is the event's text with a head in front, which takes the place of its
 * first brace: the text is shared, and the two are put together only where somebody needs them in one piece.
 */
export class Frame {
  /** What stands in front of an event's text, without the comma between them: plain ASCII. Empty for other frames. */
  readonly head: string;
  /** The encoded event with its braces, or the whole frame. */
  readonly body: string;
  /** Offset of the event it carries; 0 for control frames. */
  readonly offset: Offset;

  constructor(body: string, head = '', offset: Offset = 0) {
    this.body = body;
    this.head = head;
    this.offset = offset;
  }

  get text(): string {
    return this.head === '' ? this.body : `${this.head},${this.body.slice(1)}`;
  }

  /** UTF-16 units of {@link text}. */
  get chars(): number {
    return this.head.length + this.body.length;
  }

  /** Bytes of {@link text} in UTF-8. */
  get bytes(): number {
    return this.head.length + Buffer.byteLength(this.body);
  }
}

/**
 * Frames that are sent next to each other. Connections at the same place of a stream share one group, so that what is made of
 * it, the batch and the bytes on the wire, is made once for all of them.
 */
export class FrameGroup {
  readonly frames: readonly Frame[];
  /** Characters of all frames. */
  readonly chars: number;
  /** The socket adapter's place for the bytes it made of the group. */
  wire: Uint8Array | undefined = undefined;
  #batch: FrameGroup | undefined;
  #bytes: number | undefined;

  constructor(frames: readonly Frame[]) {
    this.frames = frames;
    let chars = 0;
    for (const frame of frames) chars += frame.chars;
    this.chars = chars;
  }

  /** Bytes of all frames. Counted when asked for: where little is sent, {@link chars} says enough. */
  get bytes(): number {
    return (this.#bytes ??= this.frames.reduce((sum, frame) => sum + frame.bytes, 0));
  }

  /** The group as one message, a JSON array: what a client that said `batch` may get. */
  asBatch(): FrameGroup {
    if (this.frames.length < 2) return this;
    this.#batch ??= new FrameGroup([new Frame(`[${this.frames.map((frame) => frame.text).join(',')}]`)]);
    return this.#batch;
  }
}

/** A control frame, encoded. */
export function controlFrame(frame: ControlFrame): FrameGroup {
  return new FrameGroup([new Frame(JSON.stringify(frame))]);
}
