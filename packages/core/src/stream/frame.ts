import type { ControlFrame, Offset } from '@ws/types';
import { MAX_BYTES_PER_CHAR } from '../log/page-bytes.ts';

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
  /** Whether the adapter has framed it for one connection: with the second it is shared, and {@link wire} is worth its memory. */
  wasFramed = false;
  #batch: FrameGroup | undefined;
  /** What {@link messages} made last. The length of a message is the same for all connections of a hub. */
  #messages: { readonly form: MessageForm; readonly groups: readonly FrameGroup[] } | undefined;
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

  /** @internal The group as messages of `form`, one in each group. Made once for connections that share the group and the form. */
  messages(form: MessageForm): readonly FrameGroup[] {
    // Most ticks have so little to send that no count is needed.
    if (this.chars * MAX_BYTES_PER_CHAR <= form.bytes) return [form.batch ? this.asBatch() : this];
    const made = this.#messages;
    if (made !== undefined && made.form.batch === form.batch && made.form.parts === form.parts) return made.groups;
    const groups = cut(this.frames, form);
    this.#messages = { form, groups };
    return groups;
  }
}

/** How frames travel: what a client said in its `hello`, and how long a message may be. */
export interface MessageForm {
  /** Whether several frames may travel as one JSON array. */
  readonly batch: boolean;
  /** Whether a long frame may travel in parts. */
  readonly parts: boolean;
  /** Length of a message, in bytes, which one frame alone may exceed where `parts` is not set. */
  readonly bytes: number;
}

function cut(frames: readonly Frame[], form: MessageForm): readonly FrameGroup[] {
  const messages: FrameGroup[] = [];
  let next: Frame[] = [];
  let bytes = 0;
  const end = (): void => {
    if (next.length > 0) messages.push(form.batch ? new FrameGroup(next).asBatch() : new FrameGroup(next));
    next = [];
    bytes = 0;
  };
  for (const frame of frames) {
    const size = frame.bytes;
    if (bytes + size > form.bytes) end();
    if (size > form.bytes && form.parts) {
      messages.push(...partsOf(frame, form.bytes));
    } else {
      next.push(frame);
      bytes += size;
    }
  }
  end();
  return messages;
}

function partsOf({ text }: Frame, bytes: number): readonly FrameGroup[] {
  const parts: FrameGroup[] = [];
  // JSON within JSON takes more room: a quote takes two bytes.
  const chars = Math.ceil(bytes / 2);
  for (let at = 0; at < text.length; at += chars) {
    const last = at + chars >= text.length;
    parts.push(controlFrame({ type: 'frame_part', seq: parts.length, last, data: text.slice(at, at + chars) }));
  }
  return parts;
}

/** A control frame, encoded. */
export function controlFrame(frame: ControlFrame): FrameGroup {
  return new FrameGroup([new Frame(JSON.stringify(frame))]);
}
