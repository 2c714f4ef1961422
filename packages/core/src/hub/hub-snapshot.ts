import type { ConnectionId, ConnectionState, Offset, RunId, ThreadId, UserId } from '@ws/types';
import type { Follower } from '../stream/fan-out.ts';
import type { UserStream } from '../stream/user-stream.ts';

/** What {@link HubSnapshot} is asked to list. */
export interface InspectOptions {
  /** Only the streams of this user; the totals are of all users even so. */
  readonly userId?: string;
  /** Most connections, and most streams, that are listed, those that are behind first. @default 200 */
  readonly limit?: number;
}

/** What is in memory, counted. */
export interface HubTotals {
  /** Sockets that have not been answered with `connection_ready` yet, or are on their way out. */
  readonly sockets: number;
  readonly connections: Readonly<Record<'catching_up' | 'live' | 'lagging', number>>;
  /** Users with a connection. */
  readonly users: number;
  readonly streams: number;
  readonly openRuns: number;
  /** Events that wait for the log to come back. */
  readonly heldEvents: number;
  /** Bytes written that the operating system has not taken yet. */
  readonly bufferedBytes: number;
  /** Events that the connection farthest behind has yet to be sent. */
  readonly maxBehind: number;
}

export interface ConnectionSnapshot {
  readonly id: ConnectionId;
  readonly userId: UserId;
  readonly state: ConnectionState;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  readonly threads: readonly ThreadId[] | null;
  readonly sentOffset: Offset;
  readonly ackedOffset: Offset;
  /** Events it has yet to be sent. */
  readonly behind: number;
  readonly bufferedBytes: number;
}

export interface OpenRunSnapshot {
  readonly runId: RunId;
  readonly threadId?: ThreadId;
  readonly agentName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Tools whose result has not come yet. */
  readonly tools: readonly string[];
  /** Approvals that wait for the user. */
  readonly approvals: number;
}

export interface StreamSnapshot {
  readonly userId: UserId;
  /** The thread an isolated stream is bound to. */
  readonly isolatedThread?: ThreadId;
  readonly epoch: string;
  readonly head: Offset;
  readonly oldest: Offset;
  readonly connections: number;
  readonly openRuns: readonly OpenRunSnapshot[];
}

/** What a hub holds at one moment. */
export interface HubSnapshot {
  readonly totals: HubTotals;
  readonly connections: readonly ConnectionSnapshot[];
  readonly streams: readonly StreamSnapshot[];
}

const DEFAULT_LIMIT = 200;

/** Goes over everything once. Lists what needs attention first: who is behind before who is not, who has runs before who has none. */
export function takeSnapshot(
  streams: Iterable<UserStream>,
  sockets: number,
  heldEvents: number,
  { userId, limit = DEFAULT_LIMIT }: InspectOptions,
): HubSnapshot {
  const states = { catching_up: 0, live: 0, lagging: 0 };
  const users = new Set<UserId>();
  const sums = { streams: 0, openRuns: 0, bufferedBytes: 0, maxBehind: 0 };
  const connections = new Shortlist<readonly [Follower, UserStream]>(limit);
  const listed = new Shortlist<UserStream>(limit);
  for (const stream of streams) {
    if (!stream.inMemory) continue;
    const isAsked = userId === undefined || stream.userId === userId;
    sums.streams += 1;
    if (stream.connections.size > 0) users.add(stream.userId);
    sums.openRuns += stream.runs.openCount;
    if (isAsked) listed.add(stream, stream.runs.openCount > 0);
    for (const connection of stream.connections) {
      const { state, bufferedBytes } = connection;
      if (state === 'closing' || state === 'closed') continue;
      states[state] += 1;
      sums.bufferedBytes += bufferedBytes;
      sums.maxBehind = Math.max(sums.maxBehind, behind(connection, stream));
      if (isAsked) connections.add([connection, stream], state !== 'live');
    }
  }
  const ready = states.catching_up + states.live + states.lagging;
  return {
    totals: { ...sums, users: users.size, heldEvents, connections: states, sockets: Math.max(0, sockets - ready) },
    connections: connections.items.map(([connection, stream]) => connectionSnapshot(connection, stream)),
    streams: listed.items.map(streamSnapshot),
  };
}

/** The first items that matter most, as many as there is room for. */
class Shortlist<Item> {
  readonly #limit: number;
  readonly #urgent: Item[] = [];
  readonly #others: Item[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: Item, isUrgent: boolean): void {
    const list = isUrgent ? this.#urgent : this.#others;
    if (list.length < this.#limit) list.push(item);
  }

  get items(): readonly Item[] {
    return [...this.#urgent, ...this.#others].slice(0, this.#limit);
  }
}

function behind(connection: Follower, stream: UserStream): number {
  return Math.max(0, stream.head - connection.position);
}

function connectionSnapshot(connection: Follower, stream: UserStream): ConnectionSnapshot {
  const { id, state, connectedAt, threads, sentOffset, ackedOffset, bufferedBytes } = connection;
  return {
    id,
    userId: stream.userId,
    state,
    connectedAt,
    threads: threads === null ? null : [...threads],
    sentOffset,
    ackedOffset,
    behind: behind(connection, stream),
    bufferedBytes,
  };
}

function streamSnapshot(stream: UserStream): StreamSnapshot {
  const { userId, isolatedThread, epoch, head, oldest } = stream;
  const openRuns = [...stream.runs.openRuns()].map((run): OpenRunSnapshot => {
    const { runId, threadId, agentName, startedAt, toolCalls, approvals } = run;
    return {
      runId,
      ...(threadId === undefined ? {} : { threadId }),
      agentName,
      startedAt,
      tools: [...toolCalls.values()].filter(({ executing }) => executing).map(({ toolName }) => toolName),
      approvals: approvals.size,
    };
  });
  return {
    userId,
    ...(isolatedThread === undefined ? {} : { isolatedThread }),
    epoch,
    head,
    oldest,
    connections: stream.connections.size,
    openRuns,
  };
}
