import { startServer, type ServerOptions } from './start-server.ts';

/**
 * Runs the service until it is told to go: starts it, says where it listens, drains on SIGTERM and SIGINT (a second one hurries), reads
 * keys and certificate anew on SIGHUP. The process ends when nothing is left to do.
 *
 * @throws a `WebSocketError` whose message says why it could not start
 */
export async function runServer(options: ServerOptions): Promise<void> {
  const service = await startServer(options);
  const stop = (): void => {
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', () => service.reloadKeys());
  console.log(`listening on ${service.url}`);
}
