// `pnpm api`: builds, and compares the public API of every entry with its report in reports/api.
// `pnpm api --update`: writes the reports.
import { existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { compileTypes, extractReport, reportName } from './api-report.mjs';
import { FORGOTTEN_EXPORTS } from './forgotten-exports.mjs';
import { exportedNames, namesOfPackage } from '../release/support/exported-names.ts';
import { publicPackages } from './public-packages.mjs';
import { bin, node, root, run } from './workspace.mjs';

const update = process.argv.includes('--update');
const folder = resolve(root, 'reports/api');
mkdirSync(folder, { recursive: true });

/** @param {string} committed @param {string} fresh */
async function showDifference(committed, fresh) {
  const { output } = await run(
    'git',
    ['diff', '--no-index', '--', existsSync(committed) ? committed : '/dev/null', fresh],
    {
      capture: true,
    },
  );
  console.log(output);
}

/** @param {readonly string[]} expected */
function strayReports(expected) {
  return globSync('*.api.md', { cwd: folder }).filter((name) => !expected.includes(name));
}

const args = [bin('turbo'), 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only'];
const build = await run(node, args, { capture: true });
if (build.code !== 0) {
  process.stderr.write(build.output);
  process.exit(build.code);
}

const changed = [];
const expected = [];
const packages = publicPackages();
const types = compileTypes(packages);
const exported = exportedNames(packages.flatMap(({ entries }) => entries.map(({ source }) => source)));
for (const owner of packages) {
  const named = namesOfPackage(owner, exported);
  for (const entry of owner.entries) {
    const report = extractReport(types, owner, entry, { update });
    expected.push(reportName(owner, entry));
    for (const name of report.forgotten) {
      if (named.has(name) || FORGOTTEN_EXPORTS[entry.specifier]?.includes(name)) continue;
      console.log(
        `${entry.specifier}: a public type names ${name}, which is not exported: export it, or leave it out of the type`,
      );
      process.exitCode = 1;
    }
    if (!report.changed) continue;
    changed.push(entry.specifier);
    if (!update) await showDifference(report.committed, report.fresh);
  }
}
const stray = strayReports(expected);
if (update) for (const name of stray) rmSync(resolve(folder, name));

console.log(`${expected.length} entries: ${changed.length === 0 ? 'no change' : `changed: ${changed.join(', ')}`}`);
if (stray.length > 0) console.log(`reports without an entry: ${stray.join(', ')}`);
if (!update && changed.length + stray.length > 0) {
  console.log('If the change is meant: `npx --yes pnpm@12 api --update`, and a changeset.');
  process.exitCode = 1;
}
