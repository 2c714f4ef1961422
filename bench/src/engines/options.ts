import { parseArgs } from 'node:util';
import { numberOption } from '../number-option.ts';

export interface EnginesOptions {
  readonly engines: readonly string[];
  readonly rounds: number;
  /** How long each shape of appends is measured. */
  readonly seconds: number;
  /** Events whose way to a client is measured. */
  readonly events: number;
}

export const USAGE = (known: readonly string[]): string => `pnpm bench engines [options]

  --engine NAME   only these logs, repeated or with commas: ${known.join(', ')}
  --rounds N      rounds, in each of which every log has its turn (3)
  --seconds N     how long each shape of appends is measured (1)
  --events N      events whose way to a client is measured (1000)`;

/** Reads the command line. Throws a sentence for the person who typed it; `undefined` if help was asked for. */
export function readEnginesOptions(args: readonly string[], known: readonly string[]): EnginesOptions | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      engine: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '1' },
      events: { type: 'string', default: '1000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const asked = values.engine.flatMap((text) => text.split(','));
  const foreign = asked.find((name) => !known.includes(name));
  if (foreign !== undefined) throw new Error(`--engine ${foreign}: must be one of ${known.join(', ')}`);
  return {
    engines: asked.length === 0 ? known : known.filter((name) => asked.includes(name)),
    rounds: numberOption('rounds', values.rounds, 1, 100),
    seconds: numberOption('seconds', values.seconds, 0.05, 600),
    events: numberOption('events', values.events, 10, 1_000_000),
  };
}
