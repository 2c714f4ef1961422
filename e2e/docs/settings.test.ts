import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../../apps/server/src/settings/index.ts';
import { SETTINGS } from '../../apps/server/src/settings/table/settings-table.ts';
import { MemoryEventLog } from '../../packages/core/src/index.ts';
import { resolveHubOptions } from '../../packages/core/src/hub/resolve-hub-options.ts';
import { requestLimits } from '../../packages/server/src/process.ts';
import { ROOT } from './workspace-files.ts';

const PAGE = readFileSync(resolve(ROOT, 'docs/settings.md'), 'utf8');
const rows = [...PAGE.matchAll(/^\| `([A-Z_]+)` \|.*\| (.*) \|$/gm)].map(([, name = '', byDefault = '']) => ({
  name,
  byDefault,
}));

const settings = (env: Readonly<Record<string, string>>) => readSettings({ WS_DEVELOPMENT: 'on', ...env });

it('is what scripts/settings-page.mjs writes', () => {
  const run = (): Buffer =>
    execFileSync(process.execPath, ['--conditions=@ws/source', 'scripts/settings-page.mjs', '--check'], { cwd: ROOT });
  expect(run).not.toThrow();
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(SETTINGS));
});

it('says of every setting what it is when it is not set', () => {
  const claims = rows.flatMap(({ name, byDefault }) => {
    const value = /^`([^`]+)`$/.exec(byDefault)?.[1];
    return value === undefined ? [] : [{ name, value }];
  });
  expect(claims.length).toBeGreaterThan(40);
  for (const { name, value } of claims) {
    expect({ name, settings: settings({ [name]: value }) }).toEqual({ name, settings: settings({}) });
    // Another number is another setting: what is listed is read.
    if (name !== 'WS_WORKERS' && /^\d+$/.test(value)) {
      expect({ name, settings: settings({ [name]: `${Number(value) - 1}` }) }).not.toEqual({
        name,
        settings: settings({}),
      });
    }
  }
});

it('has the defaults of the packages: who runs the service and who imports them get the same', () => {
  const { hub, limits } = settings({});
  const given = { log: new MemoryEventLog(), onError: () => undefined };
  expect(JSON.stringify(resolveHubOptions({ ...hub, ...given }))).toBe(JSON.stringify(resolveHubOptions(given)));
  expect(limits).toEqual(requestLimits());
});
