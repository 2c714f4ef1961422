import type { ControlFrame, Offset } from '@ws/types';

/**
 * One message on its way to sockets. The text is made once; `wire` is the socket adapter's place to keep the bytes it made of
 * it, so that a frame shared by a thousand connections is framed once.
 */
export class Frame {
  readonly text: string;
  /** Offset of the event it carries; 0 for control frames and batches. */
  readonly offset: Offset;
  wire: Uint8Array | undefined = undefined;

  constructor(text: string, offset: Offset = 0) {
    this.text = text;
    this.offset = offset;
  }
}

/** A control frame, encoded. */
export function controlFrame(frame: ControlFrame): Frame {
  return new Frame(JSON.stringify(frame));
}

/** Several frames as one message: what a client that said `batch` may get. */
export function joinFrames(frames: readonly Frame[]): Frame {
  return new Frame(`[${frames.map((frame) => frame.text).join(',')}]`);
}
