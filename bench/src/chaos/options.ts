import { parseArgs } from 'node:util';
import { numberOption, wholeOption } from '../number-option.ts';

export interface ChaosOptions {
  /** How long things go wrong; 0 for not at all. */
  readonly minutes: number;
  /** How long Redis is away in each of the outages that come after that; 0 for none. */
  readonly outageSeconds: number;
  readonly clients: number;
  /** Events published a second, over all users. */
  readonly rate: number;
  readonly nodes: number;
  readonly seed: number;
  /** How fast one fault follows the other. */
  readonly pace: number;
}

const DEFAULTS: ChaosOptions = {
  minutes: 2,
  outageSeconds: 30,
  clients: 500,
  rate: 200,
  nodes: 3,
  seed: 1,
  pace: 1,
};

export const USAGE = `pnpm chaos [options]

  --minutes N   how long things go wrong (${DEFAULTS.minutes})
  --outage-seconds N
                after that, how long Redis is away under load: once killed, once frozen, once losing its data (${DEFAULTS.outageSeconds})
  --clients N   clients, two of each user (${DEFAULTS.clients})
  --rate N      events published a second, over all users (${DEFAULTS.rate})
  --nodes N     server processes (${DEFAULTS.nodes})
  --pace N      how fast one thing follows the other (${DEFAULTS.pace})
  --seed N      of the order in which things go wrong (${DEFAULTS.seed})`;

/** Reads the command line. Throws a sentence for the person who typed it; `undefined` if help was asked for. */
export function readOptions(args: readonly string[]): ChaosOptions | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      minutes: { type: 'string' },
      'outage-seconds': { type: 'string' },
      clients: { type: 'string' },
      rate: { type: 'string' },
      nodes: { type: 'string' },
      seed: { type: 'string' },
      pace: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    minutes: numberOption('minutes', values.minutes ?? String(DEFAULTS.minutes), 0, 1_440),
    outageSeconds: numberOption('outage-seconds', values['outage-seconds'] ?? String(DEFAULTS.outageSeconds), 0, 600),
    clients: wholeOption('clients', values.clients ?? String(DEFAULTS.clients), 2, 5_000),
    rate: numberOption('rate', values.rate ?? String(DEFAULTS.rate), 1, 10_000),
    nodes: wholeOption('nodes', values.nodes ?? String(DEFAULTS.nodes), 2, 16),
    pace: numberOption('pace', values.pace ?? String(DEFAULTS.pace), 0.1, 10),
    seed: wholeOption('seed', values.seed ?? String(DEFAULTS.seed), 0, 2 ** 31),
  };
}
