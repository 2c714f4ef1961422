import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicPackages } from '../scripts/public-packages.mjs';
import { pack } from './support/pack.ts';
import { makeFolder, type Folder } from './support/folder.ts';

// What is looked at is the tarball: `publishConfig` has been applied and only what "files" names is in it.

/** It does not follow the one line of the CommonJS form into the ES module, which has the default export. */
const isOfOneLine = (problem: Problem): boolean =>
  problem.kind === 'FalseExportDefault' && problem.implementationFileName.endsWith('.cjs');

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
}

const packages = publicPackages();
const tarballs = new Map<string, ArrayBuffer>();

const tarball = (name: string): ArrayBuffer => {
  const found = tarballs.get(name);
  if (found === undefined) throw new Error(`${name} is packed before the tests`);
  return found;
};

let folder: Folder | undefined;
beforeAll(async () => {
  const { path } = (folder = makeFolder('ws-pack-'));
  await Promise.all(packages.map(async (one) => tarballs.set(one.name, await pack(one, path))));
});
afterAll(() => folder?.remove());

describe.each(packages)('the tarball of $name', ({ name, directory, entries }) => {
  it('is as bundlers and Node expect it (publint)', async () => {
    const { messages, pkg = {} } = await publint({ pack: { tarball: tarball(name) }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('is of what is built right before, so that none is packed without `dist`', () => {
    const { scripts = {} } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
    expect(scripts['prepack']).toBe('node ../../scripts/prepack.mjs');
  });

  // A command has nothing to import.
  if (entries.length === 0) return;
  it('has the right types for import and require (attw)', async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball(name))));
    if (!result.types) throw new Error(`${name} has no types`);
    const problems = result.problems.filter((problem) => !isOfOneLine(problem));
    expect(problems.map((problem) => JSON.stringify(problem))).toEqual([]);
  });
});
