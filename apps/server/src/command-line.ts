import { parseArgs, type ParseArgsConfig } from 'node:util';
import { isWebSocketError, WebSocketError } from '@ws/types';
import { settingsHelp } from './settings/index.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The arguments of a program, as its options have them. */
type Arguments<Known extends Options> = ReturnType<typeof parseArgs<{ options: Known }>>['values'];

export interface ServiceProgram<Known extends Options> {
  /** What `--help` prints above the settings. */
  readonly usage: string;
  /** Its arguments besides `--help`. */
  readonly options: Known;
  readonly run: (given: Arguments<Known>) => Promise<void>;
}

const SETTINGS = `Settings are environment variables; below them a file .env in the working folder is read.
docs/settings.md says what each means.

`;

/** Runs a program that serves, with the arguments of this process. One that can't start says why, and ends with exit code 1. */
export async function runProgram<Known extends Options>({ usage, options, run }: ServiceProgram<Known>): Promise<void> {
  const text = `${usage}\n\n${SETTINGS}${settingsHelp()}`;
  try {
    const { help, ...given } = readArguments({ ...options, help: { type: 'boolean', short: 'h' } }, text);
    if (help === true) console.log(text);
    // What is left are the options of the program.
    else await run(given as Arguments<Known>);
  } catch (error) {
    // A fault that a person can mend is a sentence. Anything else is a bug and needs its stack.
    console.error(isWebSocketError(error) && error.code !== 'INTERNAL' ? `Cannot start: ${error.message}` : error);
    process.exit(1);
  }
}

/** Throws `INVALID_OPTION` with the usage for an unknown argument. */
function readArguments(options: Options, usage: string): Readonly<Record<string, unknown>> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new WebSocketError('INVALID_OPTION', `${detail}\n\n${usage}`, { cause: error });
  }
}
