import { parseArgs } from 'node:util';
import { isWebSocketError, WebSocketError } from '@ws/types';
import { runServer } from './run-server.ts';
import { settingsHelp, withDotEnv } from './settings/index.ts';

const USAGE = `Usage: node main.js [--help]

Serves agent-events.v1. Settings are environment variables; below them a file .env in the working
folder is read. docs/settings.md says what each means.

${settingsHelp()}`;

async function main(): Promise<void> {
  if (asksForHelp()) {
    console.log(USAGE);
    return;
  }
  await runServer(withDotEnv(process.env, process.cwd()));
}

/** Throws `INVALID_OPTION` with the usage for an unknown argument. */
function asksForHelp(): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } } }).values.help;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new WebSocketError('INVALID_OPTION', `${detail}\n\n${USAGE}`, { cause: error });
  }
}

main().catch((error: unknown) => {
  // A fault that a person can mend is a sentence. Anything else is a bug and needs its stack.
  console.error(isWebSocketError(error) && error.code !== 'INTERNAL' ? `Cannot start: ${error.message}` : error);
  process.exit(1);
});
