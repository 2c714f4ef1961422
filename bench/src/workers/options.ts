import { parseArgs } from 'node:util';

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
    workers: values.workers.split(',').map((text) => whole('workers', text, 64)),
    rounds: whole('rounds', values.rounds, 100),
    seconds: whole('seconds', values.seconds, 600),
  };
}

function whole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new Error(`--${name} ${text}: must be a whole number from 1 to ${max}`);
}
