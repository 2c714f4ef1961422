import { join } from 'node:path';
import type { SpeedOptions } from './options.ts';
import type { TargetName } from './targets.ts';
import { printTopFunctions } from './top-functions.ts';
import { Trial, type Measured, type Workload } from './trial.ts';

/** What the rounds of one workload gave: for each server its figures, round by round. */
export interface WorkloadResult {
  readonly workload: Workload;
  readonly rounds: ReadonlyMap<TargetName, readonly (Measured | undefined)[]>;
  /** Trials that failed, and why. */
  readonly failures: readonly string[];
}

/**
 * Runs a workload: in each round every server has its turn, and each round begins with another one, so that what the machine does
 * meanwhile falls on all of them.
 */
export async function runRounds(
  workload: Workload,
  options: SpeedOptions,
  progress: (text: string) => void,
): Promise<WorkloadResult> {
  const targets = workload.targets.filter((name) => options.targets.includes(name));
  const rounds = new Map<TargetName, (Measured | undefined)[]>(targets.map((name) => [name, []]));
  const failures: string[] = [];
  const count = Math.min(options.rounds, workload.maxRounds ?? options.rounds);
  for (let round = 0; round < count; round += 1) {
    const first = targets.length === 0 ? 0 : (round * 2) % targets.length;
    for (const name of [...targets.slice(first), ...targets.slice(0, first)]) {
      progress(`${workload.name}, round ${round + 1} of ${count}: ${name}`);
      const measured = await runTrial(workload, name, options).catch((error: unknown) => {
        failures.push(`${workload.name}, ${name}: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      });
      rounds.get(name)?.push(measured);
    }
  }
  return { workload, rounds, failures };
}

async function runTrial(workload: Workload, name: TargetName, options: SpeedOptions): Promise<Measured> {
  const { profiles } = options;
  const profileFolder = profiles === undefined ? undefined : join(profiles, `${workload.name}-${name}`);
  const trial = await Trial.open(name, { ...options, profileFolder });
  try {
    return await workload.run(trial);
  } finally {
    await trial.close();
    if (profileFolder !== undefined) printTopFunctions(profileFolder);
  }
}
