import type { ControlFrame, Offset } from '@ws/types';

/** One frame of the protocol, encoded. */
export class Frame {
  readonly text: string;
  /** Offset of the event it carries; 0 for control frames. */
  readonly offset: Offset;

  constructor(text: string, offset: Offset = 0) {
    this.text = text;
    this.offset = offset;
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
    for (const frame of frames) chars += frame.text.length;
    this.chars = chars;
  }

  /** Bytes of all frames. Counted when asked for: where little is sent, {@link chars} says enough. */
  get bytes(): number {
    return (this.#bytes ??= this.frames.reduce((sum, frame) => sum + Buffer.byteLength(frame.text), 0));
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
