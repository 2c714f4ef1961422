import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Ranges = Readonly<Record<string, string>>;

const dependencies = (path: string): Ranges =>
  (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { dependencies: Ranges }).dependencies;

it('brings everything that the service in it needs, in the same versions', () => {
  const own = dependencies('../package.json');
  expect(own).toMatchObject(dependencies('../../../apps/server/package.json'));
});

it('brings no agent: the demo and its SDK of a model stay in the repository', () => {
  expect(Object.keys(dependencies('../package.json'))).not.toContain('openai');
  expect(Object.keys(dependencies('../../../apps/demo/package.json'))).toContain('openai');
});
