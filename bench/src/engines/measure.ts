import { RedisProcess } from '../server/redis-process.ts';
import { connectAgentEventsClient, startAgentEventsNode } from './agent-events-node.ts';
import { appendRate, type AppendShape } from './append-rate.ts';
import { emitLatency } from './emit-latency.ts';
import type { Engine } from './engines.ts';
import type { BenchClient, BenchNode } from './node.ts';
import type { EnginesOptions } from './options.ts';
import { connectSocketIoClient, startSocketIoNode } from './socket-io-node.ts';

/** Figures of one engine in one round, by their key. */
export type Figures = Readonly<Record<string, number>>;

export const SHAPES: readonly AppendShape[] = [
  { streams: 1, events: 1 },
  { streams: 1, events: 16 },
  { streams: 1_000, events: 1 },
  { streams: 1_000, events: 16 },
];

export const keyOf = ({ streams, events }: AppendShape): string => `${streams}x${events}`;

const USER = 'listener';

/** Appends of each shape, then the way of an event to a client of the same node and of another one. */
export async function measureEngine(engine: Engine, options: EnginesOptions): Promise<Figures> {
  const running = await engine.start();
  try {
    const figures: Record<string, number> = {};
    const log = running.open();
    if (log === undefined) throw new Error(`${engine.title} could not be opened`);
    await log.healthy();
    for (const shape of SHAPES) {
      const { perSecond, cpuMicros } = await appendRate(log, shape, options.seconds);
      figures[keyOf(shape)] = perSecond;
      figures[`${keyOf(shape)}-cpu`] = cpuMicros;
    }
    const other = running.open();
    await other?.healthy();
    const nodes = [
      await startAgentEventsNode(log),
      ...(other === undefined ? [] : [await startAgentEventsNode(other)]),
    ];
    return { ...figures, ...(await latencies(nodes, connectAgentEventsClient, options.events)) };
  } finally {
    await running.stop();
  }
}

/** The same way through Socket.IO with its Redis Streams adapter, whose emit waits for nothing and is in no log of a user. */
export async function measureSocketIo(options: EnginesOptions): Promise<Figures> {
  const redis = await RedisProcess.start();
  try {
    const nodes = [await startSocketIoNode(redis.url), await startSocketIoNode(redis.url)];
    return await latencies(nodes, connectSocketIoClient, options.events);
  } finally {
    await redis.stop();
  }
}

async function latencies(
  nodes: readonly BenchNode[],
  connect: (port: number, userId: string) => Promise<BenchClient>,
  events: number,
): Promise<Figures> {
  const figures: Record<string, number> = {};
  const [emitting] = nodes;
  if (emitting === undefined) return figures;
  try {
    for (const [index, node] of nodes.entries()) {
      const userId = `${USER}-${index}`;
      const client = await connect(node.port, userId);
      const { p50, p99 } = await emitLatency(emitting, client, userId, events);
      client.close();
      const place = index === 0 ? 'same' : 'other';
      figures[`${place}-p50`] = p50;
      figures[`${place}-p99`] = p99;
    }
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
  }
  return figures;
}
