import { parseArgs } from 'node:util';
import { numberOption, wholeOption } from '../number-option.ts';

export interface WorkersOptions {
  /** Numbers of workers that are compared. */
  readonly workers: readonly number[];
  readonly rounds: number;
  /** How long each is measured. */
  readonly seconds: number;
}

export const USAGE = `pnpm bench workers [options]

  --workers N,N   numbers of workers that are compared (1,2)
  --rounds N      rounds, in each of which every number has its turn (3)
  --seconds N     how long each is measured (3)`;

/** Reads the command line. Throws a sentence for the person who typed it; `undefined` if help was asked for. */
export function readWorkersOptions(args: readonly string[]): WorkersOptions | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      workers: { type: 'string', default: '1,2' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    workers: values.workers.split(',').map((text) => wholeOption('workers', text, 1, 64)),
    rounds: wholeOption('rounds', values.rounds, 1, 100),
    seconds: numberOption('seconds', values.seconds, 0.1, 600),
  };
}
