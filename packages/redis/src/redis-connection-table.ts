import type { Clock, ConnectionTable, ReplacedListener, StreamKey, TableConnection } from '@ws/core/log';
import type { ConnectionId } from '@ws/types';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { NodePresence } from './node-presence.ts';
import { ENTER_CONNECTION } from './scripts/enter-connection.ts';

export interface RedisConnectionTableOptions {
  readonly connection: Pick<Connection, 'publish' | 'run' | 'seesListeners' | 'send' | 'subscribe'>;
  readonly keys: Keys;
  readonly clock: Pick<Clock, 'after'>;
  readonly node: string;
  readonly beatMs: number;
}

interface Entry {
  readonly connection: TableConnection;
  readonly limit: number;
}

type Named = Pick<TableConnection, 'stream' | 'id'>;

/** A set that nobody enters for so long is deleted: nobody would know of what dead processes left there. */
const SET_LIFE_MS = 7 * 86_400_000;
/** Entries told of at once. */
const CHUNK = 500;

/**
 * The connections of each stream in all processes: a sorted set per stream, beside its other keys. Only where a stream has too many
 * is anybody asked whether the processes behind them are alive; so a connection costs one command when it opens and one when it
 * closes, and none in between.
 */
export class RedisConnectionTable implements ConnectionTable {
  readonly #options: RedisConnectionTableOptions;
  readonly #presence: NodePresence;
  readonly #listeners = new Set<ReplacedListener>();
  /** The open connections of this process. */
  readonly #entries = new Map<ConnectionId, Entry>();
  /** Connections that were closed, and the server could not be told. */
  readonly #unsaid = new Map<ConnectionId, Named>();
  /** Whether the server was told of all entries, and others take this process for alive. */
  #isTold = false;

  constructor(options: RedisConnectionTableOptions) {
    this.#options = options;
    this.#presence = new NodePresence({
      ...options,
      onBeat: (wasGone) => {
        if (wasGone || !this.#isTold) void this.#tellAll();
      },
      onMessage: (message) => this.#replaced(message),
    });
  }

  enter(connection: TableConnection, limit: number): void {
    const entry = { connection, limit };
    this.#entries.set(connection.id, entry);
    this.#presence.start();
    // Before others know that this process is alive, an entry would be taken for a dead one's.
    if (this.#isTold) void this.#tell(entry);
  }

  leave(connection: Named): void {
    if (this.#entries.delete(connection.id)) void this.#forget(connection);
  }

  onReplaced(listener: ReplacedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** There is a connection to the server again; `isNew`: one without subscriptions. */
  reconnected(isNew: boolean): void {
    this.#isTold = false;
    this.#presence.reconnected(isNew);
  }

  close(): void {
    this.#presence.stop();
  }

  /** Enters everything again: messages may have been missed, or entries lost with the server's data. */
  async #tellAll(): Promise<void> {
    this.#isTold = true;
    const entries = [...this.#entries.values()];
    const unsaid = [...this.#unsaid.values()];
    for (let from = 0; from < unsaid.length; from += CHUNK) {
      await Promise.all(unsaid.slice(from, from + CHUNK).map((connection) => this.#forget(connection)));
    }
    for (let from = 0; from < entries.length; from += CHUNK) {
      const open = entries.slice(from, from + CHUNK).filter(({ connection }) => this.#entries.has(connection.id));
      await Promise.all(open.map((entry) => this.#tell(entry)));
    }
  }

  async #tell({ connection, limit }: Entry): Promise<void> {
    const { connection: server, keys } = this.#options;
    const { stream, id, connectedAt } = connection;
    const key = keys.connectionsOf(stream);
    const args = [String(connectedAt), this.#memberOf(id), String(SET_LIFE_MS), String(limit)];
    try {
      const members = await server.run(
        ENTER_CONNECTION,
        () => [key],
        () => args,
      );
      if (Array.isArray(members) && members.length > 0) await this.#makeRoom(stream, members.map(String), limit);
      // It was closed while the server was told.
      if (!this.#entries.has(id)) await this.#forget(connection);
    } catch {
      // Told again with the next sign of life.
      this.#isTold = false;
    }
  }

  /** Members, the oldest first, are more than the limit: those of dead processes go, and then the oldest. */
  async #makeRoom(stream: StreamKey, members: readonly string[], limit: number): Promise<void> {
    const { connection, keys, node } = this.#options;
    const dead = await this.#presence.deadOf(members.map((member) => ownerOf(member).node));
    const alive = members.filter((member) => !dead.has(ownerOf(member).node));
    const oldest = alive.slice(0, Math.max(0, alive.length - limit));
    const gone = members.filter((member) => dead.has(ownerOf(member).node) || oldest.includes(member));
    const key = keys.connectionsOf(stream);
    if (gone.length > 0) await connection.send(key, ['ZREM', key, ...gone]);
    for (const member of oldest) {
      const owner = ownerOf(member);
      const message = `${stream}\n${owner.id}`;
      if (owner.node === node) this.#replaced(message);
      else await this.#presence.tell(owner.node, message);
    }
  }

  async #forget({ stream, id }: Named): Promise<void> {
    const key = this.#options.keys.connectionsOf(stream);
    this.#unsaid.set(id, { stream, id });
    try {
      await this.#options.connection.send(key, ['ZREM', key, this.#memberOf(id)]);
      this.#unsaid.delete(id);
    } catch {
      this.#isTold = false;
    }
  }

  #replaced(message: string): void {
    const [stream = '', id = ''] = message.split('\n');
    // What another process of this project wrote.
    for (const listener of this.#listeners) listener({ stream: stream as StreamKey, id: id as ConnectionId });
  }

  #memberOf(id: ConnectionId): string {
    return `${this.#options.node}\n${id}`;
  }
}

function ownerOf(member: string): { readonly node: string; readonly id: string } {
  const [node = '', id = ''] = member.split('\n');
  return { node, id };
}
