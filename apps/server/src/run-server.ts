import cluster from 'node:cluster';
import { announcement } from './announcement.ts';
import { onHangUp } from './hang-up.ts';
import { readSettings, unknownVariables } from './settings/index.ts';
import { startServer, type ServerOptions } from './start-server.ts';
import { ParentProcess } from './workers/parent-process.ts';
import { runWorkers } from './workers/run-workers.ts';

/** Said whatever WS_LOG_LEVEL is, because it must not be overlooked. */
const DEVELOPMENT_NOTICE =
  'development mode (WS_DEVELOPMENT=on): every program and page of this machine gets a token for any user, and dev-key is an API key';

export interface RunOptions extends ServerOptions {
  /** What the person who starts the service has to know of the settings. */
  readonly notes?: readonly string[];
}

/**
 * Runs the service until a signal ends it. Starts it, prints where it listens, drains on SIGTERM and SIGINT (a second one skips the waits).
 * SIGHUP reads keys and certificate again. If the service was started in a terminal, SIGHUP means that the terminal was closed, and drains.
 * The process ends when nothing is left to do. With `WS_WORKERS` above 1 it runs this program that many times instead, on one port.
 *
 * @throws a `WebSocketError` whose message says why it could not start
 */
export async function runServer(options: RunOptions): Promise<void> {
  if (cluster.isPrimary) for (const note of options.notes ?? []) console.error(`note: ${note}`);
  const settings = readSettings(options.env);
  // Said whatever WS_LOG_LEVEL is, which may be the one that is mistyped; once, and not by each worker.
  if (cluster.isPrimary) for (const sentence of unknownVariables(options.env)) console.error(`warning: ${sentence}`);
  const sayListening = (url: string): void => {
    if (settings.development) console.error(DEVELOPMENT_NOTICE);
    const hasPage = (settings.pageFolder ?? options.pageFolder) !== undefined;
    console.log(announcement(url, settings, { pid: process.pid, hasPage }));
  };
  if (cluster.isPrimary && settings.workers > 1) return runWorkers(settings, sayListening);
  const parent = cluster.isWorker ? new ParentProcess() : undefined;
  const service = await startServer({
    ...options,
    ...(parent === undefined
      ? {}
      : { gatherMetrics: parent.gatherMetrics, onUnwrittenRevocation: (one) => parent.tellRevoked(one) }),
  });
  parent?.onRevoked((one) => service.hub.learnRevocation(one));
  const stop = (): void => {
    service.close(settings.drainMs).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  if (parent !== undefined) {
    process.on('SIGHUP', () => service.reloadKeys());
    // Ctrl-C reaches the whole group of processes: the parent passes it on, once.
    process.on('SIGINT', () => undefined);
    // Without its parent nobody could stop it any more.
    process.on('disconnect', stop);
    parent.tellListening(service.url);
    return;
  }
  process.on('SIGINT', stop);
  onHangUp({ closed: stop, otherwise: () => service.reloadKeys() });
  sayListening(service.url);
}
