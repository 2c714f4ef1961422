import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Figures } from './claim.ts';
import type { Environment } from './environment.ts';
import { ROOT } from './places.ts';
import type { Proof } from './prove.ts';

export interface Run {
  readonly startedAt: Date;
  readonly seconds: number;
  readonly environment: Environment;
  readonly proofs: readonly Proof[];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const inline = (figures: Figures): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

function headline(proofs: readonly Proof[]): string {
  const count = (wanted: string): number => proofs.filter(({ outcome }) => outcome.verdict === wanted).length;
  const parts = [
    `${count('passed')} of ${proofs.length} claims hold`,
    `${count('failed')} failed`,
    `${count('open')} open`,
    `${count('not applicable')} not applicable`,
  ];
  return `${count('failed') > 0 ? '**Not stable.** ' : ''}${parts.join(', ')}.`;
}

function section({ claim, outcome, seconds }: Proof): string {
  const { verdict, figures, evidence, reason } = outcome;
  return [
    `## ${claim.id}: ${verdict}`,
    `${claim.claim}.`,
    `- In the first report: ${claim.source}`,
    ...(reason === undefined ? [] : [`- Why: ${reason}`]),
    ...Object.entries(figures).map(([name, value]) => `- ${name}: **${value}**`),
    ...evidence.map((text) => `- ${text}`),
    `- took ${seconds.toFixed(1)} s`,
  ]
    .join('\n')
    .replace('.\n- ', '.\n\n- ')
    .replace('\n', '\n\n');
}

function markdown({ startedAt, seconds, environment, proofs }: Run): string {
  const { commit, changed, node, system, processor, memoryGb } = environment;
  const rows = proofs.map(({ claim, outcome, seconds: took }) => {
    const says = outcome.reason === undefined ? inline(outcome.figures) : outcome.reason;
    return `| ${claim.id} | ${cell(claim.claim)} | ${outcome.verdict} | ${cell(says)} | ${took.toFixed(1)} |`;
  });
  return [
    '# Stability',
    headline(proofs),
    'Written by `pnpm verify`. Every figure was measured in that run, on the packages and the server as they were built in it.',
    [
      `- began ${startedAt.toISOString()}, took ${seconds.toFixed(0)} s`,
      `- commit ${commit}${changed ? ', with changes that are not committed' : ''}`,
      `- Node ${node}, ${system}, ${processor}, ${memoryGb} GB`,
    ].join('\n'),
    ['| id | claim | verdict | figures or reason | s |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
    ...proofs.map(section),
    '',
  ].join('\n\n');
}

/** Writes the report in both forms. Returns the sentence that says where. */
export function writeReport(run: Run, folder: string = resolve(ROOT, 'reports')): string {
  mkdirSync(folder, { recursive: true });
  const claims = run.proofs.map(({ claim: { id, claim, source }, outcome, seconds }) => ({
    id,
    claim,
    source,
    ...outcome,
    seconds: Number(seconds.toFixed(1)),
  }));
  const { startedAt, seconds, environment } = run;
  const json = { startedAt: startedAt.toISOString(), seconds: Math.round(seconds), environment, claims };
  writeFileSync(resolve(folder, 'stability.json'), `${JSON.stringify(json, undefined, 2)}\n`);
  writeFileSync(resolve(folder, 'stability.md'), `${markdown(run).trimEnd()}\n`);
  return 'reports/stability.md and reports/stability.json are written.';
}
