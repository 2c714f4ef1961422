import { parseArgs } from 'node:util';
import { WebSocketError } from '@ws/types';
import { settingsHelp } from './settings/index.ts';

export const USAGE = `Usage: start [--workspace DIR] [--help]

Serves agent-events.v1. With WS_DEMO=on the demo page is served as well, and in development
mode (WS_DEVELOPMENT=on) the demo agent runs.

  --workspace DIR   run the demo agent, which answers questions about this folder
                    (default with WS_DEMO=on in development mode: this repository)
  --help            print this text

Settings are environment variables; below them a file .env in the working folder is read.
docs/settings.md says what each means.

${settingsHelp()}`;

export interface CommandLine {
  readonly help: boolean;
  readonly workspace: string | undefined;
}

/** Reads the arguments. Throws `INVALID_OPTION` with a sentence for what is not known. */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { workspace: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    return { help: values.help, workspace: values.workspace };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new WebSocketError('INVALID_OPTION', `${detail}\n\n${USAGE}`, { cause: error });
  }
}
