// `pnpm test`: every check of the project, all of them even if one fails.
// `pnpm test FILTER ...`: only the Vitest tests whose file matches, with any option of Vitest.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { bin, node, root, run, toolEnv } from './workspace.mjs';
import { provideTools } from './tools.mjs';

/** @typedef {{ name: string, passed: number, failed: number, skipped: number, seconds: number }} Result */

const report = resolve(root, 'test-results/vitest.json');

const checks = [
  { name: 'format', args: [bin('prettier'), '--check', '.', '--cache', '--log-level', 'warn'] },
  {
    name: 'lint',
    args: [
      // Rules with types hold the programs of all packages at once: more than the four gigabytes that Node allows by itself.
      '--max-old-space-size=8192',
      bin('eslint'),
      '.',
      '--max-warnings',
      '0',
      '--cache',
      '--cache-strategy',
      'content',
      '--cache-location',
      'node_modules/.cache/eslint/',
    ],
  },
  {
    name: 'layering',
    args: [bin('dependency-cruiser', 'depcruise'), '--config', '.dependency-cruiser.cjs', 'packages', 'apps', 'bench'],
  },
  { name: 'unused', args: [bin('knip')] },
  {
    name: 'typecheck',
    args: [resolve(root, 'scripts/typecheck.mjs')],
  },
];

/** @param {number} since */
const secondsSince = (since) => (performance.now() - since) / 1000;

/** @param {{ name: string, args: readonly string[] }} check @returns {Promise<Result>} */
async function check({ name, args }) {
  const started = performance.now();
  const { code, output } = await run(node, args, { capture: true });
  if (code !== 0) process.stdout.write(output);
  const seconds = secondsSince(started);
  console.log(`${name} ${code === 0 ? 'ok' : 'FAILED'}, ${seconds.toFixed(1)} s`);
  return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, seconds };
}

/** @param {readonly string[]} args @param {Record<string, string>} env @returns {Promise<Result>} */
async function vitest(args, env) {
  console.log('\n== vitest');
  rmSync(report, { force: true });
  const started = performance.now();
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(node, [bin('vitest'), 'run', ...reporters, ...args], { env: { ...toolEnv, ...env } });
  const seconds = secondsSince(started);
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number } | undefined} */
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  const passed = counts?.numPassedTests ?? 0;
  let failed = counts?.numFailedTests ?? 0;
  if (passed + failed === 0) console.error('No test ran: that is a failure.');
  // A file that could not be loaded and an error outside of a test fail the run without failing a test.
  if (failed === 0 && (code !== 0 || passed === 0)) failed = 1;
  return {
    name: 'vitest',
    passed,
    failed,
    skipped: (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0),
    seconds,
  };
}

const filters = process.argv.slice(2);
if (filters[0] === '--') filters.shift();

const { env, missing } = await provideTools();
const required = process.env['CI'] === 'true';
for (const sentence of missing) console[required ? 'error' : 'warn'](sentence);

/** @type {Result[]} */
const results = [];
if (missing.length > 0 && required)
  results.push({ name: 'tools', passed: 0, failed: missing.length, skipped: 0, seconds: 0 });
if (filters.length === 0) {
  console.log(`\n== ${checks.map(({ name }) => name).join(', ')}`);
  // At once: the linter alone takes as long as all the others together.
  results.push(...(await Promise.all(checks.map(check))));
}
results.push(await vitest(filters, env));
mkdirSync(dirname(report), { recursive: true });
writeFileSync(resolve(dirname(report), 'checks.json'), `${JSON.stringify(results, undefined, 2)}\n`);

/** @param {'passed' | 'failed' | 'skipped' | 'seconds'} column */
const total = (column) => results.reduce((sum, result) => sum + result[column], 0);

console.log(
  `\n${'step'.padEnd(12)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'skipped'.padStart(9)}${'seconds'.padStart(9)}`,
);
for (const { name, passed, failed, skipped, seconds } of results) {
  const columns = [String(passed).padStart(8), String(failed).padStart(8), String(skipped).padStart(9)];
  console.log(`${name.padEnd(12)}${columns.join('')}${seconds.toFixed(1).padStart(9)}`);
}
process.exitCode = total('failed') === 0 ? 0 : 1;
const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : '';
console.log(`\n${total('passed')} passed, ${total('failed')} failed${skipped}`);
