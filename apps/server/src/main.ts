import { fileURLToPath } from 'node:url';
import { isWebSocketError } from '@ws/types';
import { readCommandLine, USAGE } from './command-line.ts';
import { runServer } from './run-server.ts';
import { withDotEnv } from './settings/index.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

async function main(): Promise<void> {
  const { help, workspace } = readCommandLine(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  await runServer({ ...withDotEnv(process.env, process.cwd()), workspace, developmentWorkspace: REPOSITORY });
}

function fail(error: unknown): never {
  // Faults that a person can mend are a sentence; the rest is a bug and needs its stack.
  console.error(isWebSocketError(error) && error.code !== 'INTERNAL' ? `Cannot start: ${error.message}` : error);
  process.exit(1);
}

main().catch(fail);
