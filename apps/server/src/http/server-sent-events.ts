import type { ServerResponse } from 'node:http';
import type { Authentication, ConnectionSocket, Frame, FrameGroup, Hub } from '@ws/core';
import { WebSocketError } from '@ws/types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AddressLimit } from '../limits/address-limit.ts';

interface StreamQuery {
  readonly epoch?: string;
  readonly after?: number;
}

interface ResumePoint {
  readonly epoch?: string;
  readonly offset: number;
}

/**
 * Serves the user's stream as Server-Sent Events, through the same cursor engine as a WebSocket: `id` is `epoch:offset`, an
 * event's frame is the data. Control frames are named after their type, so that `onmessage` sees events alone.
 */
export function serveEventStream(
  hub: Hub,
  addresses: AddressLimit,
  reader: Authentication,
  query: StreamQuery,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const resume = resumePoint(request, query);
  const refusal = hub.refusalFor({ authentication: reader });
  if (refusal !== undefined) throw refusal;
  const response = reply.raw;
  addresses.enter(request.raw, response);
  reply.hijack();
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const socket = new EventStreamSocket(response);
  const session = hub.accept(socket, { authentication: reader });
  response.on('drain', () => session.drained());
  response.on('close', () => session.closed());
  response.on('error', () => response.destroy());
  socket.onPing = () => session.heard();
  session.receive(JSON.stringify({ type: 'hello', resume }));
}

const EVENT_ID = /^(.{1,128}):(\d{1,16})$/;

/** `Last-Event-ID` says where a browser was; the query where a page wants to begin; default: the oldest event kept. */
function resumePoint({ headers }: FastifyRequest, { epoch, after = 0 }: StreamQuery): ResumePoint {
  const lastEventId = headers['last-event-id'];
  if (typeof lastEventId === 'string' && lastEventId !== '') {
    const [, lastEpoch, offset] = EVENT_ID.exec(lastEventId) ?? [];
    if (lastEpoch !== undefined && Number.isSafeInteger(Number(offset)))
      return { epoch: lastEpoch, offset: Number(offset) };
    throw new WebSocketError('BAD_REQUEST', 'Last-Event-ID must be epoch:offset');
  }
  if (epoch === undefined && after > 0) {
    throw new WebSocketError('BAD_REQUEST', 'query: field after: needs epoch beside it for a stream');
  }
  return epoch === undefined ? { offset: 0 } : { epoch, offset: after };
}

class EventStreamSocket implements ConnectionSocket {
  onPing: () => void = () => undefined;
  readonly #response: ServerResponse;
  #epoch = '';

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  send(groups: readonly FrameGroup[]): void {
    if (!this.#response.writable) return;
    let text = '';
    for (const { frames } of groups) for (const frame of frames) text += this.#block(frame);
    this.#response.write(text);
  }

  /** A comment keeps proxies from closing a quiet stream; TCP tells when nobody listens any more. */
  ping(): void {
    if (!this.#response.writable) return;
    this.#response.write(':\n\n');
    this.onPing();
  }

  close(): void {
    this.#response.end();
  }

  terminate(): void {
    this.#response.destroy();
  }

  #block(frame: Frame): string {
    if (frame.offset > 0) return `id: ${this.#epoch}:${frame.offset}\ndata: ${frame.text}\n\n`;
    const control = JSON.parse(frame.text) as { type: string; epoch?: string; offset?: number };
    if (control.type !== 'connection_ready') return `event: ${control.type}\ndata: ${frame.text}\n\n`;
    this.#epoch = control.epoch ?? '';
    // The position counts from here on, also for a stream that has no event yet.
    return `id: ${this.#epoch}:${control.offset ?? 0}\nevent: connection_ready\ndata: ${frame.text}\n\n`;
  }
}
