import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOSTS } from './hosts.ts';
import { EXPECTED, withResults } from './page.ts';
import { programOf } from './programs.ts';
import { tryHost } from './try-host.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../../docs/hosts.md'), 'utf8');

// Bun, Deno and the frameworks that build their applications are tried by `pnpm hosts` and `pnpm verify hosts`.
describe.concurrent('the contract holds on', () => {
  it.for(HOSTS.filter(({ runtime, app }) => runtime === 'node' && app === undefined))(
    '$name',
    { timeout: 180_000 },
    async (kind, { expect }) => {
      const failed: unknown[] = [];
      await tryHost(kind, programOf(kind.runtime), (name, error) => {
        if (error !== undefined) failed.push({ name, error });
      });
      expect(failed).toEqual([]);
    },
  );
});

it('docs/hosts.md has the results of every case on every host, and the recipes that were run', () => {
  expect(withResults(PAGE, EXPECTED)).toBe(PAGE);
});
