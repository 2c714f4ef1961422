import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryEventLog, type EventLog } from '@ws/core';
import { openNatsLog } from '@ws/nats';
import { openRedisLog } from '@ws/redis';
import { openSqliteLog, type Synchronous } from '@ws/sqlite';
import { NatsProcess, natsProgram } from '../server/nats-process.ts';
import { RedisProcess, redisProgram, type AppendFsync } from '../server/redis-process.ts';

/** A log that runs, with whatever it needs. */
interface RunningEngine {
  /** Opens the log as one more process would; `undefined` where no second process can have it. */
  open(): EventLog | undefined;
  /** Stops what it needs, and deletes its data. The logs are closed by whoever opened them. */
  stop(): Promise<void>;
}

export interface Engine {
  readonly title: string;
  /** Why it can't run on this machine. */
  missing(): string | undefined;
  start(): Promise<RunningEngine>;
}

const nothingMissing = (): undefined => undefined;

/** Every log, in the settings whose promises differ. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  memory: { title: 'memory', missing: nothingMissing, start: startMemory },
  sqlite: { title: 'SQLite, synced', missing: nothingMissing, start: () => startSqlite('full') },
  'sqlite-normal': { title: 'SQLite, synchronous normal', missing: nothingMissing, start: () => startSqlite('normal') },
  redis: { title: 'Redis, synced every second', missing: missingRedis, start: () => startRedis('everysec') },
  'redis-always': { title: 'Redis, synced', missing: missingRedis, start: () => startRedis('always') },
  nats: { title: 'JetStream, one replica', missing: missingNats, start: startNats },
};

async function startMemory(): Promise<RunningEngine> {
  const logs = [new MemoryEventLog()];
  return { open: () => logs.pop(), stop: async () => undefined };
}

async function startSqlite(synchronous: Synchronous): Promise<RunningEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'ws-bench-sqlite-'));
  return {
    open: () => openSqliteLog({ path: join(folder, 'events.db'), synchronous }),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function startRedis(fsync: AppendFsync): Promise<RunningEngine> {
  const redis = await RedisProcess.start({ fsync });
  return { open: () => openRedisLog({ url: redis.url }), stop: () => redis.stop() };
}

async function startNats(): Promise<RunningEngine> {
  const nats = await NatsProcess.start();
  return { open: () => openNatsLog({ url: nats.url }), stop: () => nats.stop() };
}

function missingRedis(): string | undefined {
  return redisProgram() === undefined ? 'redis-server is missing: install it or set REDIS_SERVER_PATH' : undefined;
}

function missingNats(): string | undefined {
  return natsProgram() === undefined ? 'nats-server is missing: install it or set NATS_SERVER_PATH' : undefined;
}
