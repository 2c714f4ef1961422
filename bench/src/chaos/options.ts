import { parseArgs } from 'node:util';

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
    minutes: amount('minutes', values.minutes, 0, 1_440),
    outageSeconds: amount('outageSeconds', values['outage-seconds'], 0, 600),
    clients: Math.round(amount('clients', values.clients, 2, 5_000)),
    rate: amount('rate', values.rate, 1, 10_000),
    nodes: Math.round(amount('nodes', values.nodes, 2, 16)),
    pace: amount('pace', values.pace, 0.1, 10),
    seed: Math.round(amount('seed', values.seed, 0, 2 ** 31)),
  };
}

function amount(name: keyof ChaosOptions, text: string | undefined, min: number, max: number): number {
  if (text === undefined) return DEFAULTS[name];
  const value = Number(text);
  if (value >= min && value <= max) return value;
  throw new Error(`--${name === 'outageSeconds' ? 'outage-seconds' : name} must be a number from ${min} to ${max}`);
}
