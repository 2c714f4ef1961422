// `pnpm verify`: tries every claim on what is built now, and writes reports/stability.md and reports/stability.json.
// `pnpm verify CLAIM ...`: tries these claims alone, on the results of the last `pnpm test`, and writes no report.
import { CLAIMS } from './claims.ts';
import { buildWorkspace } from './support/build.ts';
import { describeEnvironment } from './support/environment.ts';
import { proveAll } from './support/prove.ts';
import { writeReport } from './support/report.ts';
import { readTestRun, runTests } from './support/test-run.ts';

const wanted = process.argv.slice(2).filter((argument) => argument !== '--');
const unknown = wanted.filter((id) => !CLAIMS.some((claim) => claim.id === id));
if (unknown.length > 0) {
  console.error(`No such claim: ${unknown.join(', ')}. There are: ${CLAIMS.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}

const startedAt = new Date();
console.log('Building ...');
await buildWorkspace();
const isWhole = wanted.length === 0;
if (isWhole) console.log('Testing (pnpm test) ...');
const tests = isWhole ? await runTests((line) => console.log(`  ${line}`)) : readTestRun();
const proofs = await proveAll(isWhole ? CLAIMS : CLAIMS.filter(({ id }) => wanted.includes(id)), tests);
if (isWhole) {
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  console.log(`\n${writeReport({ startedAt, seconds, environment: await describeEnvironment(), proofs })}`);
}

const failed = proofs.filter(({ outcome }) => outcome.verdict === 'failed');
const open = proofs.filter(({ outcome }) => outcome.verdict === 'open');
const passed = proofs.filter(({ outcome }) => outcome.verdict === 'passed');
console.log(`${passed.length} claims hold, ${failed.length} failed, ${open.length} open`);
for (const { claim, outcome } of failed) console.error(`FAILED ${claim.id}: ${outcome.reason ?? 'no reason given'}`);
process.exit(failed.length === 0 ? 0 : 1);
