import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { HostKind } from './hosts.ts';

const SOURCE = '--conditions=@ws/source';
const DENO = 'deno@2.9.6';
const CACHE = resolve(import.meta.dirname, '../../../../node_modules/.cache/runtimes');

/** The program that runs a host, with its arguments. A runtime that is not there yet is installed. */
export function programOf(runtime: HostKind['runtime']): readonly string[] {
  switch (runtime) {
    case 'node':
      return [process.execPath, SOURCE];
    case 'bun':
      return [bunProgram(), SOURCE];
    case 'deno':
      return [denoProgram(), 'run', '--allow-all', '--node-modules-dir=manual', SOURCE];
  }
}

/** Where the package of this platform has it: the script that would copy it is not run. */
function bunProgram(): string {
  const inBun = createRequire(createRequire(import.meta.url).resolve('bun/package.json'));
  const architecture = process.arch === 'arm64' ? 'aarch64' : process.arch;
  for (const suffix of ['', '-musl']) {
    try {
      const name = `@oven/bun-${process.platform}-${architecture}${suffix}/package.json`;
      const program = join(dirname(inBun.resolve(name)), 'bin/bun');
      if (existsSync(program)) return program;
    } catch {
      // The one of another C library.
    }
  }
  throw new Error('there is no Bun for this platform: its package brings none');
}

/** Too large for the install of everybody who runs the tests. */
function denoProgram(): string {
  const find = (): string | undefined => globSync('node_modules/@deno/*/deno', { cwd: CACHE }).at(0);
  if (find() === undefined) {
    mkdirSync(CACHE, { recursive: true });
    const install = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', CACHE, DENO];
    execFileSync('npm', install, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const program = find();
  if (program === undefined) throw new Error(`${DENO} has no program for this platform`);
  return join(CACHE, program);
}
