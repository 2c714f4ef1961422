import cluster from 'node:cluster';
import { developmentSecret } from '../auth/development-secret.ts';
import { createLogger } from '../observe/logger.ts';
import type { Settings } from '../settings/index.ts';
import { WorkerPool, type PoolWorker } from './worker-pool.ts';

/**
 * Runs the service as several processes that share the port and the log, each a run of this program: SIGTERM and SIGINT drain all of
 * them (a second one hurries), SIGHUP has each read its keys anew, and one that crashes is replaced.
 */
export async function runWorkers(settings: Settings): Promise<void> {
  // A secret that development mode makes has to be one for all of them.
  const secret =
    settings.development && settings.jwt.keys === undefined ? { WS_JWT_SECRET: developmentSecret(settings.log) } : {};
  const logger = createLogger(settings.logLevel);
  const pool = new WorkerPool({
    count: settings.workers,
    logger,
    start: () => startWorker(secret),
    after: (ms, task) => void setTimeout(task, ms),
    now: () => performance.now(),
  });
  process.on('SIGTERM', () => pool.stop());
  process.on('SIGINT', () => pool.stop());
  process.on('SIGHUP', () => pool.signal('SIGHUP'));
  const url = await pool.run((code) => process.exit(code));
  logger.info({ url, workers: settings.workers }, 'all workers listen');
  console.log(`listening on ${url}`);
}

/** What a worker tells its parent when it listens. */
interface Listening {
  readonly listening: string;
}

/** Tells the parent of this worker where it listens. */
export function tellListening(url: string): void {
  const message: Listening = { listening: url };
  process.send?.(message);
}

function startWorker(env: Readonly<Record<string, string>>): PoolWorker {
  const worker = cluster.fork(env);
  return {
    onListening(listener) {
      // The one message that a worker sends; `tellListening` has made it.
      worker.on('message', ({ listening }: Listening) => listener(listening));
    },
    onExit(listener) {
      worker.on('exit', listener);
    },
    kill: (signal) => void worker.process.kill(signal),
  };
}
