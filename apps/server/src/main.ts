import { isWebSocketError } from '@ws/types';
import { readCommandLine, USAGE } from './command-line.ts';
import { startServer } from './start-server.ts';

async function main(): Promise<void> {
  const { help, workspace } = readCommandLine(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  const service = await startServer({ env: process.env, workspace });

  const stop = (): void => {
    // A second signal hurries the drain; the process ends when nothing is left to do.
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

function fail(error: unknown): never {
  // Faults that a person can mend are a sentence; the rest is a bug and needs its stack.
  console.error(isWebSocketError(error) && error.code !== 'INTERNAL' ? `Cannot start: ${error.message}` : error);
  process.exit(1);
}

main().catch(fail);
