import type { ServerResponse } from 'node:http';
import type { Hub } from '@ws/core';
import type { Authentication, ConnectionSocket, Frame, FrameGroup } from '@ws/core/internal';
import { WebSocketError } from '@ws/types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AddressLimit } from '../limits/address-limit.ts';
import type { RequestsInTurn } from './requests-in-turn.ts';
import { streamStart, type ReadFrom } from './start-from.ts';

interface StreamQuery {
  readonly from: ReadFrom;
  readonly thread?: readonly string[];
  readonly ends_after_ms?: number;
}

/** How long a stream lives without an acknowledgement of its client, in milliseconds, where the client does not want less. */
export const MAX_STREAM_MS = 300_000;
/** How long a client that may be gone has to take the end of its stream, in milliseconds. */
const END_MS = 5_000;

/**
 * The event streams of this process that a client may acknowledge. TCP alone takes a quarter of an hour to show that a client has
 * disappeared, and behind a proxy it never does.
 */
export class EventStreams {
  readonly #streams = new Map<string, { readonly userId: string; readonly acknowledged: () => void }>();

  /** Returns what forgets it. */
  opened({ connection_id: id, user_id: userId }: ReadyData, acknowledged: () => void): () => void {
    this.#streams.set(id, { userId, acknowledged });
    return () => this.#streams.delete(id);
  }

  /** The client still reads its stream. Throws `NOT_FOUND` where no stream of this process and user has the id. */
  acknowledge(connectionId: string, userId: string): void {
    const stream = this.#streams.get(connectionId);
    if (stream?.userId !== userId) {
      throw new WebSocketError(
        'NOT_FOUND',
        'ping: no event stream of this user has this connection_id on this process',
      );
    }
    stream.acknowledged();
  }
}

export interface EventStreamOptions {
  readonly hub: Hub;
  readonly addresses: AddressLimit;
  readonly requests: RequestsInTurn;
  readonly streams: EventStreams;
  readonly reader: Authentication;
  /** Asked with each heartbeat: a stream ends with the API key that it was opened with. */
  readonly isKeyGood: (() => boolean) | undefined;
  readonly query: StreamQuery;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Serves the user's stream as Server-Sent Events, through the same cursor engine as a WebSocket: `id` is `epoch:offset`, an
 * event's frame is the data. Control frames are named after their type, so that `onmessage` sees events alone; the last one is
 * `close`, with the code that a WebSocket would be closed with.
 *
 * A stream ends when its client has not acknowledged it for a while (`ping` over `POST /v1/frames`), and is asked for again by one that is
 * there: so none is counted for long whose client is gone without a word.
 *
 * @throws `BAD_REQUEST`, `TOO_MANY_CONNECTIONS`, `DRAINING`, `OVERLOADED`
 */
export function serveEventStream(options: EventStreamOptions): void {
  const { hub, addresses, requests, streams, reader, isKeyGood, query, request, reply } = options;
  const from = streamStart(request.headers['last-event-id'], query.from);
  const refusal = hub.refusalFor({ authentication: reader });
  if (refusal !== undefined) throw refusal;
  const response = reply.raw;
  requests.hasNoEnd(request.raw);
  // Such an answer would never tell that its client is gone: it would stay, and count, for ever.
  if (request.raw.socket.destroyed) {
    throw new WebSocketError('BAD_REQUEST', 'an event stream needs its own connection: do not pipeline requests');
  }
  addresses.enter(request.raw, response);
  // Headers that hooks have set for this answer: CORS among them.
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value);
  }
  reply.hijack();
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // What compresses an answer holds events back, and takes as much as a slow reader does not.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  const socket = new EventStreamSocket(response);
  const session = hub.accept(socket, { authentication: reader });
  const life = setTimeout(() => session.close('TIMEOUT'), query.ends_after_ms ?? MAX_STREAM_MS);
  let forget = (): void => undefined;
  socket.onReady = (ready) => {
    forget = streams.opened(ready, () => life.refresh());
  };
  const taken = (): void => {
    if (socket.bufferedBytes === 0 || socket.hasHandedAll) session.drained();
    else session.headway();
  };
  socket.onTaken = () => {
    // A client takes what is written: whatever asks it for a sign of life waits behind that.
    life.refresh();
    taken();
  };
  socket.onPing = () => {
    if (isKeyGood?.() === false) session.close('UNAUTHORIZED');
    else session.heard();
  };
  response.on('drain', taken);
  response.on('close', () => {
    clearTimeout(life);
    forget();
    session.closed();
  });
  response.on('error', () => response.destroy());
  const { thread: threads } = query;
  session.receive(JSON.stringify({ type: 'hello', from, ...(threads === undefined ? {} : { threads }) }));
}

/** What a response that does not keep up is handed at a time, in characters: Node says nothing of a write before its end. */
const PIECE_CHARS = 16_384;

class EventStreamSocket implements ConnectionSocket {
  onPing: () => void = () => undefined;
  onReady: (ready: ReadyData) => void = () => undefined;
  /** A piece of what waited was taken. */
  onTaken: () => void = () => undefined;
  readonly #response: ServerResponse;
  #epoch = '';
  /** What the response has not been handed yet. */
  #waiting = '';
  #isHanding = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get bufferedBytes(): number {
    return this.#response.writableLength + this.#waiting.length;
  }

  /** Whether the last piece was taken. Bun and Deno count a piece among `writableLength` until after they have said that it is written. */
  get hasHandedAll(): boolean {
    return this.#waiting === '' && !this.#isHanding;
  }

  send(groups: readonly FrameGroup[]): void {
    if (!this.#response.writable) return;
    let text = '';
    for (const { frames } of groups) for (const frame of frames) text += this.#block(frame);
    if (text.length <= PIECE_CHARS && this.#waiting === '') {
      this.#response.write(text);
    } else {
      this.#waiting += text;
      if (!this.#isHanding) this.#handOver();
    }
  }

  #handOver(): void {
    this.#isHanding = this.#waiting !== '' && this.#response.writable;
    if (!this.#isHanding) return;
    const piece = this.#waiting.slice(0, endOfPiece(this.#waiting));
    this.#waiting = this.#waiting.slice(piece.length);
    this.#response.write(piece, () => {
      this.#handOver();
      this.onTaken();
    });
  }

  /** A comment keeps proxies from closing a quiet stream, and asks the client for a sign of life. */
  ping(): void {
    if (!this.#response.writable) return;
    // Not into a message that is half written, whose bytes say as much.
    if (this.#waiting === '') this.#response.write(':\n\n');
    this.onPing();
  }

  close(code: number, reason: string): void {
    if (!this.#response.writable) return;
    const rest = this.#waiting;
    this.#waiting = '';
    this.#response.end(`${rest}event: close\ndata: ${JSON.stringify({ type: 'close', code, reason })}\n\n`);
    const timer = setTimeout(() => this.#response.destroy(), END_MS);
    this.#response.on('close', () => clearTimeout(timer));
  }

  terminate(): void {
    this.#response.destroy();
  }

  #block(frame: Frame): string {
    if (frame.offset > 0) return `id: ${this.#epoch}:${frame.offset}\ndata: ${frame.text}\n\n`;
    const control = JSON.parse(frame.text) as ControlData;
    const block = `event: ${control.type}\ndata: ${frame.text}\n\n`;
    switch (control.type) {
      case 'connection_ready':
        this.#epoch = control.epoch ?? '';
        this.onReady({ connection_id: control.connection_id ?? '', user_id: control.user_id ?? '' });
        // The position counts from here on, also for a stream that has no event yet.
        return `id: ${this.#epoch}:${control.offset ?? 0}\n${block}`;
      case 'server_draining':
        // When an `EventSource` comes back by itself.
        return `retry: ${control.reconnect_after_ms ?? 0}\n${block}`;
      default:
        return block;
    }
  }
}

/** A character of two units is never cut: each half alone would be written as a replacement character. */
function endOfPiece(text: string): number {
  const isPair = /[\uD800-\uDBFF]/.test(text.charAt(PIECE_CHARS - 1));
  return isPair ? PIECE_CHARS + 1 : PIECE_CHARS;
}

/** What this file looks at in a control frame, which the hub made. */
interface ControlData extends Partial<ReadyData> {
  readonly type: string;
  readonly epoch?: string;
  readonly offset?: number;
  readonly reconnect_after_ms?: number;
}

interface ReadyData {
  readonly connection_id: string;
  readonly user_id: string;
}
