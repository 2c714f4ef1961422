import cluster from 'node:cluster';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@ws/server/process';
import { onHangUp } from '../hang-up.ts';
import { developmentSecretPath, type Settings } from '../settings/index.ts';
import { PoolMetrics } from './pool-metrics.ts';
import { WorkerPool } from './worker-pool.ts';
import { WorkerProcess } from './worker-process.ts';

/**
 * Runs the service as several processes that share the port and the log, each a run of this program: SIGTERM and SIGINT drain all of
 * them (a second one hurries), SIGHUP has each read its keys again or drains where a terminal was closed, and one that crashes is
 * replaced.
 *
 * @param sayListening - called once, when all of them listen
 */
export async function runWorkers(settings: Settings, sayListening: (url: string) => void): Promise<void> {
  const secretFile =
    settings.development && developmentSecretPath(settings) === undefined
      ? { WS_DEVELOPMENT_SECRET_FILE: temporarySecretFile() }
      : {};
  const logger = createLogger(settings.logLevel);
  // Metrics may be no numbers, which JSON does not know.
  cluster.setupPrimary({ serialization: 'advanced' });
  const metrics = new PoolMetrics();
  const workers = new Set<WorkerProcess>();
  const pool = new WorkerPool({
    count: settings.workers,
    logger,
    start: () => startWorker(secretFile, metrics, workers),
    after: (ms, task) => void setTimeout(task, ms),
    now: () => performance.now(),
  });
  process.on('SIGTERM', () => pool.stop());
  process.on('SIGINT', () => pool.stop());
  onHangUp({ closed: () => pool.stop(), otherwise: () => pool.signal('SIGHUP') });
  const url = await pool.run((code) => process.exit(code));
  logger.info({ url, workers: settings.workers }, 'all workers listen');
  sayListening(url);
}

/** Starts a worker whose revocations the others learn of, also while the log they share takes none. */
function startWorker(
  env: Readonly<Record<string, string>>,
  metrics: PoolMetrics,
  workers: Set<WorkerProcess>,
): WorkerProcess {
  const worker = new WorkerProcess(env, metrics);
  workers.add(worker);
  worker.onExit(() => workers.delete(worker));
  worker.onRevoked((revocation) => {
    for (const other of workers) if (other !== worker) other.tellRevoked(revocation);
  });
  return worker;
}

/** A place for the secret that all workers share in development mode, for as long as this process runs. */
function temporarySecretFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ws-development-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'development-secret');
}
