import { MAX_BYTES_PER_CHAR } from '../log/page-bytes.ts';
import type { ConnectionSocket } from './connection-socket.ts';
import { FrameGroup } from './frame.ts';

/** What one connection has to send in this tick, and how much room its outbound budget leaves. */
export class Outbox {
  readonly #socket: ConnectionSocket;
  readonly #budgetBytes: number;
  /** Whether several frames may travel as one JSON array. */
  readonly #batch: boolean;
  #groups: FrameGroup[] = [];
  #chars = 0;
  /** Bytes of answers and notices since the socket last was empty. */
  #controlBytes = 0;

  constructor(socket: ConnectionSocket, budgetBytes: number, batch: boolean) {
    this.#socket = socket;
    this.#budgetBytes = budgetBytes;
    this.#batch = batch;
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
    this.#socket.send(this.#batch ? asBatches(groups) : groups);
    return this.#socket.bufferedBytes === 0;
  }

  /** The socket has taken everything. */
  drained(): void {
    this.#controlBytes = 0;
  }
}

/** As few messages as possible; the group that connections share keeps its shared batch. */
function asBatches(groups: readonly FrameGroup[]): readonly FrameGroup[] {
  const [first] = groups;
  if (first !== undefined && groups.length === 1) return [first.asBatch()];
  return [new FrameGroup(groups.flatMap((group) => group.frames)).asBatch()];
}
