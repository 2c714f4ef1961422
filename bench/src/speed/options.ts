import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { numberOption, wholeOption } from '../number-option.ts';
import { TARGET_NAMES, type TargetName } from './targets.ts';
import type { Workload } from './trial.ts';

export interface SpeedOptions {
  readonly workloads: readonly Workload[];
  readonly targets: readonly TargetName[];
  readonly rounds: number;
  /** How long each trial looks. */
  readonly seconds: number;
  readonly scale: number;
  /** Folder for CPU profiles of the servers. */
  readonly profiles: string | undefined;
}

const QUICK = { rounds: 1, seconds: 1, scale: 5 };
const FULL = { rounds: 3, seconds: 2, scale: 1 };

export function usage(workloads: readonly Workload[]): string {
  const names = workloads.map(({ name, title }) => `    ${name.padEnd(18)} ${title}`);
  return `pnpm bench [options]
pnpm bench engines [options]   the logs alone
pnpm bench workers [options]   one process and several on one port

  --workload NAME   only these workloads, repeated or with commas
${names.join('\n')}
  --target NAME     only these servers, repeated or with commas: ${TARGET_NAMES.join(', ')}
  --rounds N        rounds, in each of which every server has its turn (${FULL.rounds})
  --seconds N       how long each trial is measured (${FULL.seconds})
  --profile DIR     writes CPU profiles of servers on Node into DIR, for a flame graph, and prints their top functions
  --quick           one short round with a fifth of the connections: shows that it works, measures little`;
}

/** Reads the command line. Throws a sentence for the person who typed it; `undefined` if help was asked for. */
export function readOptions(args: readonly string[], known: readonly Workload[]): SpeedOptions | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      workload: { type: 'string', multiple: true, default: [] },
      target: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      profile: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const defaults = values.quick ? QUICK : FULL;
  const workloads = named(
    'workload',
    values.workload,
    known.map(({ name }) => name),
  );
  return {
    workloads: known.filter(({ name }) => workloads.includes(name)),
    targets: named('target', values.target, TARGET_NAMES),
    rounds: wholeOption('rounds', values.rounds ?? String(defaults.rounds), 1, 100),
    seconds: numberOption('seconds', values.seconds ?? String(defaults.seconds), 0.2, 600),
    scale: defaults.scale,
    profiles: values.profile === undefined ? undefined : resolve(values.profile),
  };
}

/** The names asked for; all if none is. */
function named<Name extends string>(option: string, given: readonly string[], known: readonly Name[]): readonly Name[] {
  const asked = given.flatMap((text) => text.split(','));
  const foreign = asked.find((name) => !known.some((one) => one === name));
  if (foreign !== undefined) throw new Error(`--${option} ${foreign}: must be one of ${known.join(', ')}`);
  return asked.length === 0 ? known : known.filter((name) => asked.includes(name));
}
