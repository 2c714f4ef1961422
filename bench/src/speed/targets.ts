import type { Backoff } from '../load/orders.ts';
import type { DialectName } from '../load/dialect.ts';

/** A server of the comparison. */
export interface Target {
  readonly title: string;
  readonly program: 'agent-events' | 'plain-ws' | 'buffered-ws' | 'socket-io' | 'bun' | 'raw-net';
  readonly runtime: 'node' | 'bun';
  readonly dialect: DialectName;
  readonly env: Readonly<Record<string, string>>;
  /** What its log or adapter needs besides the process. */
  readonly needs: 'nothing' | 'file' | 'redis';
  readonly backoff: Backoff;
}

/** As `@ws/client` comes back by default. */
const OUR_CLIENT: Backoff = { kind: 'full jitter', minMs: 500, maxMs: 20_000, factor: 2, restartMaxMs: 1_000 };
/** As `socket.io-client` comes back by default. */
const SOCKET_IO_CLIENT: Backoff = { kind: 'half jitter', minMs: 1_000, maxMs: 5_000, factor: 2 };

const ours = { program: 'agent-events', runtime: 'node', dialect: 'agent-events', backoff: OUR_CLIENT } as const;
const socketIo = { program: 'socket-io', runtime: 'node', dialect: 'socket.io', backoff: SOCKET_IO_CLIENT } as const;
const byHand = { runtime: 'node', dialect: 'plain', env: {}, needs: 'nothing', backoff: OUR_CLIENT } as const;

const TARGETS = {
  memory: { ...ours, title: 'this project, memory log', env: { WS_LOG_URL: 'memory:' }, needs: 'nothing' },
  sqlite: { ...ours, title: 'this project, SQLite log', env: {}, needs: 'file' },
  redis: { ...ours, title: 'this project, Redis log', env: {}, needs: 'redis' },
  ws: { ...byHand, title: 'plain ws, by hand', program: 'plain-ws' },
  'ws-tick': { ...byHand, title: 'ws, one buffer per tick', program: 'buffered-ws' },
  'ws-tick-prebuilt': {
    ...byHand,
    title: 'the same, envelope encoded before',
    program: 'buffered-ws',
    env: { PREBUILT: '1' },
  },
  'socket.io': { ...socketIo, title: 'Socket.IO', env: {}, needs: 'nothing' },
  'socket.io-recovery': { ...socketIo, title: 'Socket.IO, recovery on', env: { RECOVERY: '1' }, needs: 'nothing' },
  'socket.io-redis': { ...socketIo, title: 'Socket.IO, Redis Streams', env: { RECOVERY: '1' }, needs: 'redis' },
  bun: { ...byHand, title: 'Bun, corked', program: 'bun', runtime: 'bun' },
  net: { ...byHand, title: 'Node net, frames built before', program: 'raw-net', dialect: 'frames' },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof TARGETS;

export const TARGET_NAMES = Object.keys(TARGETS) as readonly TargetName[];

export function targetOf(name: TargetName): Target {
  return TARGETS[name];
}
