import type { ClientFrame, ConnectionReadyFrame, HelloFrame } from '@ws/types';
import { FakeConnection } from './fake-connection.ts';
import { FakeSocket } from './fake-socket.ts';

/** An event as the server keeps it. */
export interface LoggedEvent {
  readonly type: string;
  readonly offset: number;
  readonly event_id: string;
  readonly timestamp: number;
  readonly run_id?: string;
  readonly payload: object;
  readonly prev?: number;
}

/** How the server treats new sockets: `refuse` closes them before they open. */
type Door = 'open' | 'refuse' | 'hang';

/** A server of the protocol in memory: one user's log, and what a connection is told of it. */
export class FakeServer {
  epoch = 'e1';
  log: LoggedEvent[] = [];
  oldest = 1;
  door: Door = 'open';
  /** Laid over each `connection_ready`. */
  ready: Partial<ConnectionReadyFrame> = {};
  /** Sent after `connection_ready` of a reset, before the events. */
  snapshots: object[] = [];
  /** `silent`: neither pong nor anything else is answered. `manual`: the test answers `hello`. */
  manners: 'polite' | 'silent' | 'manual' = 'polite';
  readonly connections: FakeConnection[] = [];

  /** The class to give to the client. */
  get WebSocket(): new (url: string, protocols: string[]) => FakeSocket {
    const connect = (socket: FakeSocket): FakeConnection => this.#connect(socket);
    return class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, connect);
      }
    };
  }

  get head(): number {
    return this.log.length;
  }

  /** The newest connection. */
  get connection(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error('nobody connected yet');
    return connection;
  }

  /** Appends an event to the log, without telling anybody. */
  append(
    type: string,
    payload: object,
    more: { readonly run_id?: string; readonly event_id?: string } = {},
  ): LoggedEvent {
    const offset = this.head + 1;
    const event = { type, offset, event_id: `${this.epoch}-${offset}`, timestamp: offset, payload, ...more };
    this.log.push(event);
    return event;
  }

  /** Appends an event and sends it. */
  emit(
    type: string,
    payload: object,
    more: { readonly run_id?: string; readonly event_id?: string } = {},
  ): LoggedEvent {
    const event = this.append(type, payload, more);
    this.connection.send(event);
    return event;
  }

  /** Events after `offset`. */
  after(offset: number): LoggedEvent[] {
    return this.log.slice(offset);
  }

  /** A new epoch: the log was lost. */
  loseLog(): void {
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
    this.log = [];
    this.oldest = 1;
  }

  /** What `hello` is answered with. */
  answerTo({ from = 'latest' }: HelloFrame): ConnectionReadyFrame {
    const oldestPosition = this.oldest - 1;
    const { epoch, offset } = typeof from === 'string' ? { epoch: this.epoch, offset: 0 } : from;
    const kept = epoch === this.epoch && offset >= oldestPosition && offset <= this.head;
    const recovery = from === 'latest' ? 'new' : kept ? 'resumed' : 'reset';
    return {
      type: 'connection_ready',
      connection_id: `c${this.connections.length}`,
      user_id: 'u1',
      mode: 'unified',
      epoch: this.epoch,
      offset: from === 'latest' ? this.head : kept ? offset : oldestPosition,
      oldest_offset: this.oldest,
      head_offset: this.head,
      recovery,
      heartbeat_ms: 25_000,
      max_message_bytes: 65_536,
      open_runs: [],
      ...this.ready,
    };
  }

  #connect(socket: FakeSocket): FakeConnection {
    const connection = new FakeConnection(socket, (from, frame) => this.#answer(from, frame));
    this.connections.push(connection);
    const { door } = this;
    queueMicrotask(() => {
      if (door === 'open') socket.acceptedByServer();
      else if (door === 'refuse') socket.closedByServer(1006);
    });
    return connection;
  }

  #answer(connection: FakeConnection, frame: ClientFrame): void {
    if (this.manners === 'silent') return;
    if (frame.type === 'ping') return connection.send({ type: 'pong', timestamp: 1 });
    if (frame.type !== 'hello' || this.manners === 'manual') return;
    const ready = this.answerTo(frame);
    connection.send(ready);
    if (ready.recovery === 'reset') for (const snapshot of this.snapshots) connection.send(snapshot);
    for (const event of this.after(ready.offset)) connection.send(event);
  }
}
