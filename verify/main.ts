// `pnpm verify`: tries every claim on what is built now, and writes reports/stability.md and reports/stability.json.
// `pnpm verify CLAIM ...`: tries these claims alone, on the results of the last `pnpm test`, and writes no report.
// `--previous REVISION`: the version before this one, if it is not that of the last release.
import { parseArgs } from 'node:util';
import { buildWorkspace } from './support/build.ts';
import { describeEnvironment } from './support/environment.ts';
import { exitCodeOf, proveAll } from './support/prove.ts';
import { lastRelease } from './support/released.ts';
import { writeReport } from './support/report.ts';
import { readTestRun, runTests } from './support/test-run.ts';

const args = process.argv.slice(2).filter((argument) => argument !== '--');
const { positionals: wanted, values } = parseArgs({
  args,
  allowPositionals: true,
  options: { previous: { type: 'string' } },
});

const startedAt = new Date();
console.log('Building ...');
await buildWorkspace();
// Claims load what was built: on a new machine it is there from now on.
const { CLAIMS } = await import('./claims.ts');

const unknown = wanted.filter((id) => !CLAIMS.some((claim) => claim.id === id));
if (unknown.length > 0) {
  console.error(`No such claim: ${unknown.join(', ')}. There are: ${CLAIMS.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}

const isWhole = wanted.length === 0;
if (isWhole) console.log('Testing (pnpm test) ...');
const tests = isWhole ? await runTests((line) => console.log(`  ${line}`)) : readTestRun();
const claims = isWhole ? CLAIMS : CLAIMS.filter(({ id }) => wanted.includes(id));
const proofs = await proveAll(claims, { tests, previous: values.previous ?? (await lastRelease()) });
if (isWhole) {
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  console.log(`\n${writeReport({ startedAt, seconds, environment: await describeEnvironment(), proofs })}`);
}

const count = (verdict: string): number => proofs.filter(({ outcome }) => outcome.verdict === verdict).length;
console.log(
  `${count('passed')} claims hold, ${count('failed')} failed, ${count('open')} open, ${count('not applicable')} not applicable`,
);
for (const { claim, outcome } of proofs) {
  if (outcome.verdict === 'failed') console.error(`FAILED ${claim.id}: ${outcome.reason ?? 'no reason given'}`);
}
process.exit(exitCodeOf(proofs));
