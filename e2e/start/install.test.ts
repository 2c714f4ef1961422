import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { install, type PackageSet } from '../../scripts/install.mjs';

let workspace: string;
let calls: string[];
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'ws-install-'));
  calls = [];
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']) write(file, 'of a clone');
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

function write(file: string, text: string): void {
  writeFileSync(join(workspace, file), text);
}

/** As pnpm does it, as far as it is looked at. */
function pnpmInstalls(hasTools: boolean): void {
  mkdirSync(join(workspace, 'node_modules'), { recursive: true });
  write('node_modules/.modules.yaml', JSON.stringify({ included: { devDependencies: hasTools } }, undefined, 2));
}

/** Asks for a set, and answers which one pnpm was told to install, if any. */
async function installed(set: PackageSet, exitCode = 0): Promise<string | undefined> {
  const before = calls.length;
  const code = await install(set, workspace, (args) => {
    expect(args.slice(0, 2)).toEqual(['install', '--frozen-lockfile']);
    const isEverything = !args.includes('--prod');
    calls.push(isEverything ? 'everything' : args.includes('--filter=@ws/bench...') ? 'cluster' : 'service');
    if (exitCode === 0) pnpmInstalls(isEverything);
    return Promise.resolve(exitCode);
  });
  expect(code).toBe(exitCode);
  return calls[before];
}

it('a start installs what the service needs, once', async () => {
  expect(await installed('service')).toBe('service');
  expect(await installed('service')).toBeUndefined();
});

it('tests install the rest, and a later start takes nothing away', async () => {
  expect(await installed('service')).toBe('service');
  expect(await installed('everything')).toBe('everything');
  expect(await installed('service')).toBeUndefined();
  expect(await installed('cluster')).toBeUndefined();
});

it('a lockfile that changed is installed, as much of it as was installed before', async () => {
  await installed('service');
  write('pnpm-lock.yaml', 'after a pull');
  expect(await installed('service')).toBe('service');
  await installed('cluster');
  write('pnpm-lock.yaml', 'after another');
  expect(await installed('service')).toBe('cluster');
  await installed('everything');
  write('pnpm-workspace.yaml', 'after a third');
  expect(await installed('service')).toBe('everything');
  expect(await installed('everything')).toBeUndefined();
});

it('what pnpm installed when it was called by hand stays', async () => {
  pnpmInstalls(true);
  expect(await installed('service')).toBe('everything');
  write('pnpm-lock.yaml', 'after a pull');
  expect(await installed('service')).toBe('everything');
});

it('by hand after a start, too', async () => {
  await installed('service');
  pnpmInstalls(true);
  expect(await installed('everything')).toBeUndefined();
});

it('an install that failed is tried again', async () => {
  expect(await installed('service', 1)).toBe('service');
  expect(await installed('service')).toBe('service');
});
