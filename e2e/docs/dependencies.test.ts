import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { manifests, ROOT } from './workspace-files.ts';

type Dependencies = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
}

function thirdParties(path: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(resolve(ROOT, path), 'utf8')) as Manifest;
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies }).filter(
    (name) => !name.startsWith('@ws/'),
  );
}

it('docs/dependencies.md has a row for every third-party package, and for no other', () => {
  const page = readFileSync(resolve(ROOT, 'docs/dependencies.md'), 'utf8');
  const cells = page.split('\n').flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
  const documented = cells.flatMap((cell) => cell.match(/(?<=`)[^`, ]+(?=`)/g) ?? []);
  expect(documented.sort()).toEqual([...new Set(manifests().flatMap(thirdParties))].sort());
});
