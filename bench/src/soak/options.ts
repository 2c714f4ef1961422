import { parseArgs } from 'node:util';
import { numberOption, wholeOption } from '../number-option.ts';
import type { LogKind } from '../server/server-process.ts';

export interface SoakOptions {
  /** Length of the part that counts, after the warm-up. */
  readonly minutes: number;
  readonly users: number;
  /** Events published a second, over all users. */
  readonly rate: number;
  readonly log: LogKind;
  readonly seed: number;
}

export const USAGE = `pnpm soak [options]

  --minutes N   how long, after the warm-up (5)
  --users N     users, with 1.4 sockets each (2000)
  --rate N      events published a second, over all users (1500)
  --log KIND    memory or sqlite (memory)
  --seed N      of everything random (1)`;

/** Reads the command line. Throws a sentence for the person who typed it; `undefined` if help was asked for. */
export function readOptions(args: readonly string[]): SoakOptions | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      minutes: { type: 'string', default: '5' },
      users: { type: 'string', default: '2000' },
      rate: { type: 'string', default: '1500' },
      log: { type: 'string', default: 'memory' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { log } = values;
  if (log !== 'memory' && log !== 'sqlite') throw new Error('--log must be memory or sqlite');
  return {
    minutes: numberOption('minutes', values.minutes, 0.1, 1_440),
    users: wholeOption('users', values.users, 1, 20_000),
    rate: numberOption('rate', values.rate, 1, 100_000),
    log,
    seed: wholeOption('seed', values.seed, 0, 2 ** 31),
  };
}
