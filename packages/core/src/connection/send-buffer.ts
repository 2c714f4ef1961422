import { MAX_BYTES_PER_CHAR } from '../log/page-bytes.ts';
import type { ConnectionSocket } from './connection-socket.ts';
import { FrameGroup, type MessageForm } from '../stream/frame.ts';

/** A message is as long as the slowest link that is of use takes in a third of a heartbeat: one of 1 kB/s. */
const SLOWEST_BYTES_PER_MS = 1;
const MAX_MESSAGE_BYTES = 8_192;
const MIN_MESSAGE_BYTES = 512;

/**
 * How frames travel to a client that said so. A page's script sees no unfinished message: on a slow link one long message is silence, and
 * the client gives the connection up. The length does not grow with the speed of the link, because what the operating system took
 * says nothing about the link, and on a fast one short messages cost little.
 */
export function messageForm(
  hello: { readonly batch?: boolean; readonly parts?: boolean },
  heartbeatMs: number,
): MessageForm {
  const { batch = false, parts = false } = hello;
  const third = Math.floor((heartbeatMs * SLOWEST_BYTES_PER_MS) / 3);
  const bytes = Math.min(MAX_MESSAGE_BYTES, Math.max(MIN_MESSAGE_BYTES, third));
  return { batch, parts, bytes };
}

/** What one connection has to send in this tick, and how much room its outbound budget leaves. */
export class SendBuffer {
  readonly #socket: ConnectionSocket;
  readonly #budgetBytes: number;
  readonly #form: MessageForm;
  #groups: FrameGroup[] = [];
  #chars = 0;
  /** Bytes of answers and notices since the socket last was empty. */
  #controlBytes = 0;

  constructor(socket: ConnectionSocket, budgetBytes: number, form: MessageForm) {
    this.#socket = socket;
    this.#budgetBytes = budgetBytes;
    this.#form = form;
  }

  /** Whether there is nothing to write. */
  get empty(): boolean {
    return this.#groups.length === 0;
  }

  /** Bytes the budget leaves at least; nothing more may be written at 0 or below. */
  get roomBytes(): number {
    const left = this.#budgetBytes - this.#socket.bufferedBytes;
    const atMost = this.#chars * MAX_BYTES_PER_CHAR;
    // Most ticks have so little to send that no count is needed.
    if (atMost <= left / 2) return left - atMost;
    let bytes = 0;
    for (const group of this.#groups) bytes += group.bytes;
    return left - bytes;
  }

  /** Whether answers pile up: events wait in the log, but a peer that asks and never reads would fill memory with these. */
  get overrun(): boolean {
    return this.#controlBytes > this.#budgetBytes && this.#socket.bufferedBytes > 0;
  }

  push(group: FrameGroup): void {
    // A list that is made with its first item takes no more room than that.
    if (this.#groups.length === 0) this.#groups = [group];
    else this.#groups.push(group);
    this.#chars += group.chars;
  }

  pushControl(group: FrameGroup): void {
    this.push(group);
    this.#controlBytes += group.bytes;
  }

  /** Writes everything at once. True if the socket took it without keeping any of it. */
  flush(): boolean {
    const groups = this.#groups;
    if (groups.length === 0) return false;
    this.#groups = [];
    this.#chars = 0;
    this.#socket.send(inMessages(groups, this.#form));
    return this.#socket.bufferedBytes === 0;
  }

  /** The socket has taken everything. */
  drained(): void {
    this.#controlBytes = 0;
  }
}

/** As few messages as the form allows; the group that connections share keeps what was made of it. */
function inMessages(groups: readonly FrameGroup[], form: MessageForm): readonly FrameGroup[] {
  if (!form.batch && !form.parts) return groups;
  const [first] = groups;
  if (first !== undefined && groups.length === 1) return first.messages(form);
  if (!form.batch) return groups.flatMap((group) => group.messages(form));
  return new FrameGroup(groups.flatMap((group) => group.frames)).messages(form);
}
