import type { ConnectionTable } from '../log/shared-state.ts';
import type { StreamKey } from '../stream-key.ts';
import type { Follower } from '../stream/fan-out.ts';
import type { UserStream } from '../stream/user-stream.ts';

export interface ConnectionLimitOptions {
  /** Open connections of one stream. */
  readonly limit: number;
  /** Connections in all processes; absent where this process has them all. */
  readonly table: ConnectionTable | undefined;
  readonly streamInMemory: (key: StreamKey) => UserStream | undefined;
}

/**
 * Holds a user to so many connections. Over the limit the oldest goes, in whatever process it is: the tab that was opened last is
 * the one the user looks at.
 */
export class ConnectionLimit {
  readonly #options: ConnectionLimitOptions;
  readonly #stop: (() => void) | undefined;

  constructor(options: ConnectionLimitOptions) {
    this.#options = options;
    this.#stop = options.table?.onReplaced(({ stream, id }) => {
      for (const connection of options.streamInMemory(stream)?.connections ?? []) {
        if (connection.id === id) this.#replace(connection);
      }
    });
  }

  /** Closes the oldest connections in this process until there is room for one more. */
  makeRoom({ connections }: UserStream): void {
    const excess = connections.size - this.#options.limit + 1;
    for (const oldest of [...connections].slice(0, Math.max(0, excess))) this.#replace(oldest);
  }

  /** A connection was opened: other processes count it, too. */
  entered({ key }: UserStream, { id, connectedAt }: Follower): void {
    this.#options.table?.enter({ stream: key, id, connectedAt }, this.#options.limit);
  }

  /** A connection is closed or on its way there. */
  left({ key }: UserStream, { id }: Follower): void {
    this.#options.table?.leave({ stream: key, id });
  }

  stop(): void {
    this.#stop?.();
  }

  #replace(connection: Follower): void {
    const message = `more than ${this.#options.limit} connections are open: this one was the oldest`;
    connection.sendControl({ type: 'error', code: 'CONNECTION_REPLACED', message, fatal: true });
    connection.close('REPLACED');
  }
}
