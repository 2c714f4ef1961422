import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Clock, ConnectionTable, ReplacedListener, StreamKey, TableConnection } from '@ws/core/log';
import type { ConnectionId } from '@ws/types';
import type { Connection } from './connection.ts';
import type { Subjects } from './subjects.ts';

type Named = Pick<TableConnection, 'stream' | 'id'>;

/** A connection in a message. */
type Listed = readonly [connectedAt: number, id: string];

/** What a process says of its connections of one stream. */
interface Announcement {
  /** The process. */
  readonly node: string;
  /** One question and its answers have the same. */
  readonly round: string;
  /** Whether others are to answer. */
  readonly asks: boolean;
  readonly connections: readonly Listed[];
}

interface StreamEntries {
  limit: number;
  readonly connections: Map<ConnectionId, number>;
}

/** What was said of one stream in one round, by process. */
type Round = Map<string, readonly Listed[]>;

export interface NatsConnectionTableOptions {
  readonly connection: Pick<Connection, 'link'>;
  readonly subjects: Subjects;
  readonly clock: Pick<Clock, 'after'>;
  /** What no other process is called. */
  readonly node: string;
}

/** How long answers are waited for. */
const ROUND_MS = 2_000;
/** Streams announced at once when the connection is made again. */
const CHUNK = 500;
const BETWEEN_CHUNKS_MS = 20;

/**
 * The connections of each stream in all processes, by asking: whoever opens one says which it has, those with others of the same
 * stream answer, and each closes those of its own that are too old by what it heard. Nothing is stored, so nothing is left of a
 * process that died.
 */
export class NatsConnectionTable implements ConnectionTable {
  readonly #options: NatsConnectionTableOptions;
  readonly #streams = new Map<StreamKey, StreamEntries>();
  readonly #rounds = new Map<string, Round>();
  readonly #listeners = new Set<ReplacedListener>();
  #subscription: Subscription | undefined;
  #asked = 0;

  constructor(options: NatsConnectionTableOptions) {
    this.#options = options;
  }

  enter({ stream, id, connectedAt }: TableConnection, limit: number): void {
    const entries = this.#streams.get(stream) ?? { limit, connections: new Map<ConnectionId, number>() };
    entries.limit = limit;
    entries.connections.set(id, connectedAt);
    this.#streams.set(stream, entries);
    this.#ask(stream);
  }

  leave({ stream, id }: Named): void {
    const entries = this.#streams.get(stream);
    if (entries?.connections.delete(id) === true && entries.connections.size === 0) this.#streams.delete(stream);
  }

  onReplaced(listener: ReplacedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** There is a connection again: what was said meanwhile is said again. */
  reconnected(): void {
    this.#askAll([...this.#streams.keys()]);
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#streams.clear();
    this.#rounds.clear();
  }

  #askAll(streams: readonly StreamKey[]): void {
    for (const stream of streams.slice(0, CHUNK)) this.#ask(stream);
    const others = streams.slice(CHUNK);
    if (others.length > 0) this.#options.clock.after(BETWEEN_CHUNKS_MS, () => this.#askAll(others));
  }

  #ask(stream: StreamKey): void {
    this.#listen();
    const { node } = this.#options;
    this.#asked += 1;
    this.#say(stream, `${node}.${this.#asked}`, true);
  }

  #say(stream: StreamKey, round: string, asks: boolean): void {
    const { connection, subjects, node } = this.#options;
    const connections = this.#own(stream);
    // Without a connection it is said when there is one.
    if (connection.link === undefined || connections.length === 0) return;
    const said: Announcement = { node, round, asks, connections };
    connection.link.nc.publish(subjects.connectionsOf(stream), JSON.stringify(said));
  }

  #listen(): void {
    const { connection, subjects } = this.#options;
    this.#subscription ??= connection.link?.nc.subscribe(subjects.allConnections, {
      callback: (error, message) => {
        if (error === null) this.#heard(message);
      },
    });
  }

  #heard(message: Msg): void {
    const { subjects, node: own, clock } = this.#options;
    const stream = subjects.readConnections(message.subject);
    if (!this.#streams.has(stream)) return;
    // What another process of this project wrote.
    const { node, round, asks, connections } = message.json<Announcement>();
    if (node === own) return;
    let heard = this.#rounds.get(round);
    if (heard === undefined) {
      heard = new Map();
      this.#rounds.set(round, heard);
      clock.after(ROUND_MS, () => this.#rounds.delete(round));
    }
    heard.set(node, connections);
    if (asks) this.#say(stream, round, false);
    this.#makeRoom(stream, heard);
  }

  /** Whoever has as many younger ones beside it as there may be has to go; more answers can only make them more. */
  #makeRoom(stream: StreamKey, heard: Round): void {
    const { limit = Infinity } = this.#streams.get(stream) ?? {};
    const own = this.#own(stream);
    const all = [...own, ...[...heard.values()].flat()].sort(byAge);
    const tooOld = new Set(all.slice(0, Math.max(0, all.length - limit)).map(([, id]) => id));
    for (const [, id] of own) {
      // What was entered under this id.
      if (tooOld.has(id)) for (const listener of this.#listeners) listener({ stream, id: id as ConnectionId });
    }
  }

  #own(stream: StreamKey): readonly Listed[] {
    const { connections } = this.#streams.get(stream) ?? {};
    return [...(connections ?? [])].map(([id, connectedAt]): Listed => [connectedAt, id]);
  }
}

function byAge([oneAt, one]: Listed, [otherAt, other]: Listed): number {
  return oneAt - otherAt || (one < other ? -1 : 1);
}
