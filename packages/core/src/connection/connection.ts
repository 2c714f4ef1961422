import {
  CLOSE_CODES,
  type CloseReason,
  type ConnectionId,
  type ConnectionState,
  type ControlFrame,
  type Offset,
  type ThreadId,
} from '@ws/types';
import type { Timer } from '../clock.ts';
import type { LogEvent, NewLogEvent } from '../log/event-log.ts';
import { withinBytes } from '../log/page-bytes.ts';
import { framesFor, volatileFrames, type View } from '../stream/event-frames.ts';
import { diagnose } from '../observe/channels.ts';
import type { Follower } from '../stream/fan-out.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { ConnectionServices } from './connection-services.ts';
import type { ConnectionSocket } from './connection-socket.ts';
import { controlFrame, type MessageForm } from '../stream/frame.ts';
import { SendBuffer } from './send-buffer.ts';
import { PageReader, type PageReaderHost } from './page-reader.ts';

/** How a connection wants to be served; from its `hello`. */
export interface ConnectionView {
  readonly threads: ReadonlySet<ThreadId> | null;
  readonly form: MessageForm;
}

/**
 * A cursor over its user's stream, with a socket at its end. First connect, resume, lag and catch-up are one code path:
 * {@link deliver} moves the cursor towards the head as far as the socket's budget allows. There is no queue of events here:
 * what is not written yet is in the stream.
 */
export class Connection implements Follower, PageReaderHost {
  readonly id: ConnectionId;
  readonly connectedAt: number;
  readonly #sendBuffer: SendBuffer;
  readonly #socket: ConnectionSocket;
  readonly #stream: UserStream;
  readonly #services: ConnectionServices;
  #threads: ReadonlySet<ThreadId> | null;
  /** Whether it has seen every thread since it began. */
  #hasSeenAll: boolean;
  #state: ConnectionState = 'catching_up';
  #position: Offset;
  /** Last event in this connection's view: what its client holds as its last offset. */
  #sentOffset: Offset;
  #ackedOffset: Offset = 0;
  #planned = false;
  /** Made for a connection that stands before the newest events in memory: most never do. */
  #reader: PageReader | undefined;
  #stallTimer: Timer | undefined;
  /** Since when it has been behind the head, on the monotonic clock, if it is. */
  #behindSince: number | undefined;

  constructor(
    id: ConnectionId,
    socket: ConnectionSocket,
    stream: UserStream,
    position: Offset,
    view: ConnectionView,
    services: ConnectionServices,
  ) {
    this.id = id;
    this.#threads = view.threads;
    this.#hasSeenAll = view.threads === null;
    this.#sendBuffer = new SendBuffer(socket, services.outboundBudgetBytes, view.form);
    this.#socket = socket;
    this.#stream = stream;
    this.#position = position;
    this.#sentOffset = position;
    this.#services = services;
    this.connectedAt = after(stream.connections, services.clock.now());
    if (position < stream.head) this.#behindSince = services.clock.monotonic();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get threads(): ReadonlySet<ThreadId> | null {
    return this.#threads;
  }

  /** Everything up to here was looked at: sent, or not in this connection's view. */
  get position(): Offset {
    return this.#position;
  }

  get sentOffset(): Offset {
    return this.#sentOffset;
  }

  get ackedOffset(): Offset {
    return this.#ackedOffset;
  }

  /** Whether it is neither closed nor on the way there. */
  get open(): boolean {
    return this.#state !== 'closing' && this.#state !== 'closed';
  }

  /** Bytes written that the operating system has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  /** Whether the socket has yet to be sent something. */
  get behind(): boolean {
    return (
      this.open && (this.#position < this.#stream.head || !this.#sendBuffer.empty || this.#socket.bufferedBytes > 0)
    );
  }

  /** Notes what the client says it has processed. It can't have processed what was never sent. */
  acknowledge(offset: Offset): void {
    this.#ackedOffset = Math.max(this.#ackedOffset, Math.min(offset, this.#sentOffset));
    // A connection that sees some threads only, or did, says nothing about events of the others.
    if (this.#hasSeenAll) this.#stream.confirmations.acknowledged(this.#ackedOffset);
  }

  /**
   * Sees these threads from its position on, which is returned. What lies before it is not sent again. The position counts as the last event
   * of the view from now on: the `prev` of the next event names it.
   */
  setThreads(threads: ReadonlySet<ThreadId> | null): Offset {
    this.#threads = threads;
    if (threads !== null) this.#hasSeenAll = false;
    this.#sentOffset = this.#position;
    return this.#position;
  }

  /** Sends a control frame with this tick's write. */
  sendControl(frame: ControlFrame): void {
    if (!this.open) return;
    this.#sendBuffer.pushControl(controlFrame(frame));
    if (this.#sendBuffer.overrun) this.close('OVERLOADED');
    else this.planDelivery();
  }

  /** Shows events that wait for the log, marked volatile. A connection that is behind is spared: the numbered copies follow. */
  sendVolatile(events: readonly NewLogEvent[]): void {
    if (!this.#isLive()) return;
    // What the log has comes first: it was emitted before.
    if (!this.#isReading()) this.#advance();
    if (!this.#isLive() || this.#isReading() || this.#sendBuffer.roomBytes <= 0) return;
    const group = volatileFrames(events, this.threads);
    if (group.frames.length === 0) return;
    this.#sendBuffer.push(group);
    this.planDelivery();
  }

  /** Asks for a turn in the next delivery tick. */
  planDelivery(): void {
    if (this.#planned) return;
    this.#planned = true;
    if (this.#isCatchingUp()) this.#services.delivery.inTurn(this);
    else this.#services.delivery.soon(this);
  }

  /** Moves the cursor towards the head as far as the socket takes it, and writes once. */
  deliver(): void {
    this.#planned = false;
    if (!this.open) return;
    if (!this.#isReading()) this.#advance();
    this.#flush();
  }

  /** The socket has taken everything: go on where the budget stopped. */
  drained(): void {
    this.#sendBuffer.drained();
    this.#stallTimer?.cancel();
    this.#stallTimer = undefined;
    if (this.#position < this.#stream.head) this.planDelivery();
  }

  /** The socket has taken some of what waits: however slow it is, the peer takes what it is sent. */
  headway(): void {
    if (this.#stallTimer === undefined) return;
    this.#stallTimer.cancel();
    this.#stallTimer = this.#limitStall();
  }

  /** What comes next in the stream is not to be had any more: a resume tells the client so. */
  cutOff(): void {
    this.close('OVERLOADED');
  }

  close(reason: CloseReason): void {
    if (!this.open) return;
    this.#flush();
    this.#setState('closing');
    const { code, meaning } = CLOSE_CODES[reason];
    this.#socket.close(code, meaning);
    this.#leave();
  }

  /** The socket is gone. */
  closed(): void {
    if (this.open) this.#leave();
    this.#setState('closed');
  }

  #advance(): void {
    if (this.#stallTimer !== undefined) return;
    const { pageEvents, delivery } = this.#services;
    while (this.#position < this.#stream.head) {
      if (this.#sendBuffer.roomBytes <= 0) {
        this.#stall();
        return;
      }
      const page = this.#reader?.take();
      const events = page ?? this.#stream.fanOut.after(this.#position, pageEvents);
      if (events === undefined) {
        this.#reader ??= new PageReader(this, this.#stream, this.#services);
        this.#reader.read();
        return;
      }
      const isLive = this.#isLive();
      this.#take(events, page !== undefined || (isLive ? delivery.coalesces : this.#state === 'lagging'));
      if (isLive || this.#position >= this.#stream.head) continue;
      // One page in a turn: those who are live feel nothing of a thousand who are not.
      this.planDelivery();
      return;
    }
    this.#reachHead();
  }

  /** Turns as many of `events` into frames as the budget allows, at least one. */
  #take(available: readonly LogEvent[], merge: boolean): void {
    const events = withinBytes(available, this.#sendBuffer.roomBytes);
    const last = events.at(-1);
    if (last === undefined) return;
    const { fanOut } = this.#stream;
    const view: View = { threads: this.threads, merge, shown: fanOut.shown };
    const run =
      this.threads === null
        ? fanOut.sharedFrames(events, view, this.#sentOffset)
        : framesFor(events, view, this.#sentOffset);
    if (run.group.frames.length > 0) this.#sendBuffer.push(run.group);
    this.#sentOffset = run.lastOffset;
    this.#position = last.offset;
    this.#services.counters.delivered += run.group.frames.length;
  }

  #isLive(): boolean {
    return this.#state === 'live';
  }

  #isReading(): boolean {
    return this.#reader?.reading === true;
  }

  #isCatchingUp(): boolean {
    return !this.#isLive() && this.#position < this.#stream.head;
  }

  #stall(): void {
    if (this.#state === 'live') {
      this.#setState('lagging');
      this.#behindSince = this.#services.clock.monotonic();
      this.#services.counters.lagged += 1;
      diagnose('agent-events:lagging', () => ({ userId: this.#stream.userId, connectionId: this.id }));
      this.#sendBuffer.push(
        controlFrame({ type: 'lagging', offset: this.#sentOffset, head_offset: this.#stream.head }),
      );
    }
    this.#stallTimer ??= this.#limitStall();
  }

  #limitStall(): Timer {
    return this.#services.wheel.after(this.#services.maxLagMs, () => this.close('OVERLOADED'));
  }

  #reachHead(): void {
    // A client that filters threads never sees the event it was told is the head: it has to be told that it is there.
    const isHeadOutOfView = this.#state === 'catching_up' && this.#sentOffset < this.#position;
    if (this.#state === 'lagging' || isHeadOutOfView) {
      this.#sendBuffer.push(controlFrame({ type: 'caught_up', offset: this.#sentOffset }));
    }
    this.#setState('live');
    if (this.#behindSince === undefined) return;
    this.#services.onTiming?.('catch_up', this.#services.clock.monotonic() - this.#behindSince);
    this.#behindSince = undefined;
  }

  #flush(): void {
    // A socket that took everything at once has nothing left that could drain later.
    if (this.#sendBuffer.flush()) this.drained();
  }

  #leave(): void {
    this.#stallTimer?.cancel();
    this.#stallTimer = undefined;
    this.#stream.detach(this);
    this.#services.limit.left(this.#stream, this);
    diagnose('agent-events:connection-close', () => ({ userId: this.#stream.userId, connectionId: this.id }));
  }

  /** The one place that changes the state; the diagram stands at `ConnectionState` in `@ws/types`. */
  #setState(state: ConnectionState): void {
    this.#state = state;
  }
}

/** A wall clock that was set back must not make the connection that was opened last look like the oldest: it would be closed. */
function after(others: ReadonlySet<Follower>, now: number): number {
  let newest = now;
  for (const { connectedAt } of others) if (connectedAt >= newest) newest = connectedAt + 1;
  return newest;
}
