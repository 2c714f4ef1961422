import type { StreamKey } from '@ws/core/log';

/** The keys of a log in Redis. All keys of one stream, and its channel, lie in one hash slot. */
export class Keys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** `meta`, `events` and `ids` of a stream, as the scripts take them. */
  ofStream(stream: StreamKey): readonly [meta: string, events: string, ids: string] {
    const start = `${this.#prefix}{${hashTag(stream)}}`;
    return [`${start}:meta`, `${start}:events`, `${start}:ids`];
  }

  /** The record of the server, where there is one server only. */
  get server(): string {
    return `${this.#prefix}{server}`;
  }

  /** Where notifications of a stream are published. */
  channelOf(stream: StreamKey): string {
    return `${this.#prefix}{${hashTag(stream)}}:feed`;
  }

  leases(bucket: number): string {
    return `${this.#prefix}{leases-${bucket}}`;
  }

  /** The open connections of a stream. */
  connectionsOf(stream: StreamKey): string {
    return `${this.#prefix}{${hashTag(stream)}}:connections`;
  }

  /** A ticket, by the hash of it that the service gives. */
  ticket(key: string): string {
    return `${this.#prefix}{ticket-${key}}`;
  }

  /** The sign of life of a process. */
  node(node: string): string {
    return `${this.#prefix}{node-${node}}`;
  }

  /** Where messages for a process are published. */
  channelOfNode(node: string): string {
    return `${this.#prefix}{node-${node}}:inbox`;
  }

  /** A key to try writing to, in the hash slot of another key. */
  probeBeside(key: string): string {
    return `${key.slice(0, key.indexOf('}') + 1)}:probe`;
  }
}

/** Redis takes what stands in the first braces for the hash slot, so the id may hold none. */
function hashTag(stream: StreamKey): string {
  return stream.replaceAll(/[%{}]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}
