import { fileURLToPath } from 'node:url';
import { isWebSocketError } from '@ws/types';
import { readCommandLine, USAGE } from './command-line.ts';
import { createDemoAgent } from './demo-agent.ts';
import { startService } from './service.ts';
import { readSettings } from './settings/index.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = fileURLToPath(new URL('../../demo/dist', import.meta.url));

async function main(): Promise<void> {
  const { help, workspace } = readCommandLine(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  const settings = readSettings(process.env);
  const agent = createDemoAgent(workspace ?? REPOSITORY, process.env);
  const service = await startService({ settings, pageFolder: process.env['WS_PAGE_FOLDER'] ?? PAGE, agent });

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
