import type { WorkloadResult } from './rounds.ts';
import { median, pairedRatio } from './statistics.ts';
import { targetOf, type TargetName } from './targets.ts';
import type { Figure } from './trial.ts';

/** One server in one workload: medians, and how it stands to the two everyone knows. */
interface Row {
  readonly target: TargetName;
  readonly title: string;
  readonly figures: Readonly<Record<string, number>>;
  /** The figures that servers are compared by, divided by those of another server in the same round. */
  readonly toWs: Readonly<Record<string, number>>;
  readonly toSocketIo: Readonly<Record<string, number>>;
}

export interface Summary {
  readonly workload: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly rows: readonly Row[];
  readonly failures: readonly string[];
}

export function summarise({ workload, rounds, failures }: WorkloadResult): Summary {
  const { figures } = workload;
  const series = (name: TargetName, key: string): readonly number[] =>
    (rounds.get(name) ?? []).map((measured) => measured?.[key] ?? NaN);
  const compared = figures.filter((figure) => figure.compared === true);
  const ratios = (name: TargetName, base: TargetName): Readonly<Record<string, number>> =>
    Object.fromEntries(compared.map(({ key }) => [key, pairedRatio(series(name, key), series(base, key))]));
  const rows = [...rounds.keys()].map((target): Row => ({
    target,
    title: targetOf(target).title,
    figures: Object.fromEntries(figures.map(({ key }) => [key, median(series(target, key))])),
    toWs: ratios(target, 'ws'),
    toSocketIo: ratios(target, 'socket.io'),
  }));
  return { workload: workload.name, title: workload.title, figures, rows, failures };
}
