import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileTypes, extractReport, reportName } from '../scripts/api-report.mjs';
import { FORGOTTEN_EXPORTS } from '../scripts/forgotten-exports.mjs';
import { publicPackages } from '../scripts/public-packages.mjs';
import { root } from '../scripts/workspace.mjs';
import { exportedNames, namesOfPackage } from './support/exported-names.ts';

const packages = publicPackages();
const entries = packages.flatMap((owner) => owner.entries.map((entry) => ({ owner, entry })));

// Is the change meant? `npx --yes pnpm@12 api --update`, and a changeset.
describe('the public API is as its report says', () => {
  let types: ReturnType<typeof compileTypes>;
  let exported: ReturnType<typeof exportedNames>;
  beforeAll(() => {
    exported = exportedNames(entries.map(({ entry }) => entry.source));
    types = compileTypes(packages);
  });

  it.each(entries)('$entry.specifier', ({ owner, entry }) => {
    const { committed, fresh, forgotten } = extractReport(types, owner, entry, { update: false });
    const report = existsSync(committed) ? readFileSync(committed, 'utf8') : '';
    expect(readFileSync(fresh, 'utf8')).toBe(report);
    // A type that can be seen can be named, by an import of some entry of its package. The list of those that can't gets shorter.
    const named = namesOfPackage(owner, exported);
    expect(forgotten.filter((name) => !named.has(name))).toEqual(FORGOTTEN_EXPORTS[entry.specifier] ?? []);
  });

  it('and no report is left of an entry that is gone', () => {
    const reports = globSync('*.api.md', { cwd: resolve(root, 'reports/api') });
    expect(reports.sort()).toEqual(entries.map(({ owner, entry }) => reportName(owner, entry)).sort());
  });
});
