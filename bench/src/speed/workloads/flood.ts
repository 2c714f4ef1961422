import { TARGET_NAMES, type TargetName } from '../targets.ts';
import type { Figure, Trial, Workload } from '../trial.ts';
import { lookFor, rates, STEADY, steadyState } from '../windows.ts';

const FLOOD_FIGURES: readonly Figure[] = [
  { key: 'eventsPerSecond', title: 'events/s', better: 'more', compared: true },
  { key: 'cpuPerEvent', title: 'µs CPU/event', better: 'less', digits: 2, compared: true },
  { key: 'serverShare', title: 'server CPU %', better: 'less' },
  { key: 'loadShare', title: 'load CPU %', better: 'less' },
  { key: 'rssMb', title: 'RSS MB', better: 'less' },
];

interface FloodShape {
  readonly name: string;
  readonly title: string;
  readonly users: number;
  readonly connections: number;
  readonly perTick: number;
  /** Ticks under way at a time. */
  readonly ticksAhead: number;
  readonly coalesce?: boolean;
  /** Connections ask for the thread of their user alone. */
  readonly oneThread?: boolean;
  /** Each tick of a user has an event of another thread as well. */
  readonly hidden?: boolean;
  readonly targets?: readonly TargetName[];
}

/** Recovery and the Redis adapter of Socket.IO are compared where they do something. */
const EVERY_SERVER = TARGET_NAMES;

/** A workload that makes servers send as fast as their connections are read. */
function flood(shape: FloodShape): Workload {
  const { name, title, users, connections, perTick, ticksAhead, coalesce, oneThread, hidden, targets } = shape;
  return {
    name,
    title,
    targets: targets ?? EVERY_SERVER,
    figures: FLOOD_FIGURES,
    async run(trial: Trial) {
      await trial.startServer({
        env: {
          ...STEADY,
          ...(coalesce === true ? { WS_COALESCE_MS: '25' } : {}),
          ...(hidden === true ? { HIDDEN: '1' } : {}),
        },
      });
      const userCount = Math.min(users, trial.scaled(users));
      const connectionCount = trial.scaled(connections);
      await trial.serve({ do: 'prepare', users: userCount });
      const audience = trial.audience(connectionCount, userCount, { oneThread: oneThread === true });
      await trial.load({ do: 'connect', audience, atOnce: 50 });
      await trial.load({ do: 'follow', control: trial.server.controlPort });
      const ahead = connectionCount * perTick * ticksAhead;
      const connectionsPerUser = Math.ceil(connectionCount / userCount);
      await trial.emit({ kind: 'flood', users: userCount, connectionsPerUser, perTick, ahead });
      await steadyState(trial, userCount);
      const window = await lookFor(trial, trial.seconds);
      await trial.serve({ do: 'stop' });
      return rates(window);
    },
  };
}

export const FANOUT = flood({
  name: 'fanout',
  title: 'Fan-out: one event of one user to 1,000 connections',
  users: 1,
  connections: 1_000,
  perTick: 1,
  ticksAhead: 8,
});

export const FANOUT_16 = flood({
  name: 'fanout-16',
  title: 'Fan-out: 16 events of one user in a tick, to 1,000 connections',
  users: 1,
  connections: 1_000,
  perTick: 16,
  ticksAhead: 8,
});

export const STREAMS = flood({
  name: 'streams',
  title: 'Streams: 1,000 users, one delta each in a tick',
  users: 1_000,
  connections: 1_000,
  perTick: 1,
  ticksAhead: 8,
});

export const STREAMS_16 = flood({
  name: 'streams-16',
  title: 'Streams: 1,000 users, 16 deltas each in a tick, every delta its own frame',
  users: 1_000,
  connections: 1_000,
  perTick: 16,
  ticksAhead: 6,
});

export const STREAMS_16_JOINED = flood({
  name: 'streams-16-joined',
  title: 'Streams: 1,000 users, 16 deltas each in a tick, joined within 25 ms where the server can',
  users: 1_000,
  connections: 1_000,
  perTick: 16,
  ticksAhead: 12,
  coalesce: true,
  targets: ['memory', 'sqlite', 'redis', 'ws', 'ws-tick', 'socket.io', 'bun'],
});

const OURS: readonly TargetName[] = ['memory', 'sqlite', 'redis'];

export const STREAMS_FILTERED = flood({
  name: 'streams-filtered',
  title: 'Streams: 1,000 users, one delta each in a tick, to connections that see one thread',
  users: 1_000,
  connections: 1_000,
  perTick: 1,
  ticksAhead: 8,
  oneThread: true,
  targets: OURS,
});

export const STREAMS_16_HOLES = flood({
  name: 'streams-16-holes',
  title:
    'Streams: 1,000 users, 16 deltas each in a tick, to connections that see one thread, and one delta of another thread',
  users: 1_000,
  connections: 1_000,
  perTick: 16,
  ticksAhead: 6,
  oneThread: true,
  hidden: true,
  targets: OURS,
});
