import cluster from 'node:cluster';
import { developmentSecret } from '../auth/development-secret.ts';
import { createLogger } from '../observe/logger.ts';
import type { Settings } from '../settings/index.ts';
import { PoolMetrics } from './pool-metrics.ts';
import { WorkerPool } from './worker-pool.ts';
import { WorkerProcess } from './worker-process.ts';

/**
 * Runs the service as several processes that share the port and the log, each a run of this program: SIGTERM and SIGINT drain all of
 * them (a second one hurries), SIGHUP has each read its keys anew, and one that crashes is replaced.
 */
export async function runWorkers(settings: Settings): Promise<void> {
  // A secret that development mode makes has to be one for all of them.
  const secret =
    settings.development && settings.jwt.keys === undefined ? { WS_JWT_SECRET: developmentSecret(settings.log) } : {};
  const logger = createLogger(settings.logLevel);
  // Metrics may be no numbers, which JSON does not know.
  cluster.setupPrimary({ serialization: 'advanced' });
  const metrics = new PoolMetrics();
  const pool = new WorkerPool({
    count: settings.workers,
    logger,
    start: () => new WorkerProcess(secret, metrics),
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
