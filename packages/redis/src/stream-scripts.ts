import type { RetentionPolicy } from '@ws/core';
import type { AppendResult, LogPage, NewLogEvent, StreamHead, StreamKey } from '@ws/core/log';
import { WebSocketError, type EventId, type Offset, type StreamPosition } from '@ws/types';
import type { Connection } from './connection.ts';
import { readEntries } from './entry-reader.ts';
import { headerOf } from './event-record.ts';
import type { Keys } from './keys.ts';
import type { ResolvedOptions } from './options.ts';
import { APPEND } from './scripts/append.ts';
import { HEAD } from './scripts/head.ts';
import { LOOKUP } from './scripts/lookup.ts';
import { RENEW_EPOCH } from './scripts/renew-epoch.ts';
import type { Script } from './scripts/script.ts';
import { TRIM } from './scripts/trim.ts';
import { TRIMMABLE } from './scripts/trimmable.ts';
import { restartMeans } from './server-record.ts';

/** Events larger than this together are not sent along with the message about them, in bytes. */
const MAX_MESSAGE_BYTES = 262_144;
/** Ids that Lua takes at once. */
const LOOKUP_CHUNK = 1_000;
/** Events deleted in one go, which holds the server up for a millisecond or two. */
const TRIM_SLICE = 500;
/** Streams remembered as opened on this connection. */
const MAX_OPENED = 100_000;

export type ScriptOptions = Pick<ResolvedOptions, 'ids' | 'newEpoch' | 'onRestart' | 'streamTtlMs'>;

/** What the scripts do, in the terms of the port. */
export class StreamScripts {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #options: ScriptOptions;
  /** Streams that were opened on this connection, or since the server was found changed. */
  #opened = new Set<StreamKey>();

  constructor(connection: Connection, keys: Keys, options: ScriptOptions) {
    this.#connection = connection;
    this.#keys = keys;
    this.#options = options;
  }

  /** Behind the connection there may be another server now. */
  serverMayHaveChanged(): void {
    this.#opened = new Set();
  }

  async append(stream: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): Promise<AppendResult> {
    // The hub's own stream, of revocations, counts as long as credentials live. No user id begins with a blank.
    const streamTtlMs = stream.startsWith(' ') ? Infinity : this.#options.streamTtlMs;
    const expected = ifHead === undefined ? ['0', '', ''] : ['1', ifHead.epoch, String(ifHead.offset)];
    const written = events.flatMap((event) => [event.eventId, headerOf(event), event.data]);
    const reply = await this.#run(APPEND, stream, () => [
      this.#connection.publish,
      this.#keys.channelOf(stream),
      String(MAX_MESSAGE_BYTES),
      Number.isFinite(streamTtlMs) ? String(Math.ceil(streamTtlMs)) : '0',
      ...expected,
      ...written,
    ]);
    if (reply[0] !== 1) return { kind: 'conflict', head: readHead(reply[1]) };
    const offsets = reply[2] as readonly number[];
    return {
      kind: 'appended',
      epoch: String(reply[1]),
      events: offsets.map((offset) => ({ offset: Math.abs(offset), duplicate: offset < 0 })),
    };
  }

  async lookup(stream: StreamKey, eventIds: readonly EventId[]): Promise<readonly (Offset | undefined)[]> {
    const chunks = Array.from({ length: Math.ceil(eventIds.length / LOOKUP_CHUNK) }, (_, index) =>
      eventIds.slice(index * LOOKUP_CHUNK, (index + 1) * LOOKUP_CHUNK),
    );
    const answers = await Promise.all(chunks.map((ids) => this.#run(LOOKUP, stream, () => ids)));
    return answers.flat().map((offset) => (offset === 0 ? undefined : Number(offset)));
  }

  async read(stream: StreamKey, after: Offset, limit: number): Promise<LogPage> {
    if (!this.#opened.has(stream)) await this.head(stream);
    const send = (key: string, args: readonly string[]) => this.#connection.send(key, args);
    return readEntries(send, this.#keys.ofStream(stream), { after, limit, repair: () => this.head(stream) });
  }

  async head(stream: StreamKey): Promise<StreamHead> {
    return readHead(await this.#run(HEAD, stream, () => []));
  }

  /** Where the stream ends, without making it. */
  async position(stream: StreamKey): Promise<StreamPosition | undefined> {
    const [meta] = this.#keys.ofStream(stream);
    const reply = await this.#connection.send(meta, ['HMGET', meta, 'epoch', 'head']);
    const [epoch, head] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
    return typeof epoch === 'string' ? { epoch, offset: Number(head) } : undefined;
  }

  async trimmable(stream: StreamKey, policy: RetentionPolicy, now: number): Promise<Offset> {
    const { maxEvents, maxBytes, maxAgeMs } = policy;
    const limits = [maxEvents, maxBytes].map((most) => (Number.isFinite(most) ? String(Math.max(0, most)) : '-1'));
    const tooOld = Number.isFinite(maxAgeMs) ? String(now - maxAgeMs) : '';
    for (let from = 0; ;) {
      const reply = await this.#run(TRIMMABLE, stream, () => [...limits, tooOld, String(from)]);
      from = Number(reply[0]);
      if (reply[1] === 0) return from;
    }
  }

  /** Lets go in one step, and answers whether there is more to delete. */
  async trim(stream: StreamKey, upTo: Offset, checkpoint: string): Promise<boolean> {
    const reply = await this.#run(TRIM, stream, () => [String(upTo), checkpoint, String(TRIM_SLICE)]);
    return reply[0] === 1;
  }

  async renewEpoch(stream: StreamKey, known: StreamPosition): Promise<void> {
    await this.#run(RENEW_EPOCH, stream, () => [known.epoch, String(known.offset)]);
  }

  async #run(script: Script, stream: StreamKey, args: () => readonly string[]): Promise<readonly unknown[]> {
    const { ids, newEpoch = '', onRestart } = this.#options;
    const epoch = ids.next();
    const { server } = this.#keys;
    let opened = this.#opened;
    const keys = () => [...this.#keys.ofStream(stream), ...(this.#connection.isCluster ? [] : [server])];
    const reply = await this.#connection.run(script, keys, () => {
      // Those of the connection that takes the command: an answer that comes late says nothing of the one after it.
      opened = this.#opened;
      const means = restartMeans(onRestart, this.#connection.facts);
      return [epoch, means, newEpoch, opened.has(stream) ? '' : '1', ...args()];
    });
    if (opened.size >= MAX_OPENED) opened.clear();
    opened.add(stream);
    return Array.isArray(reply) ? (reply as readonly unknown[]) : [reply];
  }
}

function readHead(reply: unknown): StreamHead {
  if (!Array.isArray(reply)) throw new WebSocketError('INTERNAL', 'the script answered with no head');
  const [epoch, oldest, head, checkpoint] = reply as readonly unknown[];
  return {
    epoch: String(epoch),
    oldest: Number(oldest),
    head: Number(head),
    ...(typeof checkpoint === 'string' ? { checkpoint } : {}),
  };
}
