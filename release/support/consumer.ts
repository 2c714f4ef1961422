import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../../scripts/workspace.mjs';
import { command } from './command.ts';
import type { Registry } from './registry.ts';

export interface ConsumerOptions {
  /** Its folder in `release/consumers`. */
  readonly name: string;
  /** Where it is copied to. */
  readonly folder: string;
  readonly type: 'module' | 'commonjs';
  readonly manager: 'npm' | 'pnpm';
  /** Packages of ours that it uses. */
  readonly uses: readonly string[];
  /** Packages of others that it uses, of the versions that this workspace has. */
  readonly others: readonly string[];
}

/** A project outside of the workspace that installs packages by name and version. */
export class Consumer {
  readonly folder: string;
  readonly #options: ConsumerOptions;

  constructor(options: ConsumerOptions, registry: Registry) {
    this.folder = options.folder;
    this.#options = options;
    cpSync(resolve(root, 'release/consumers', options.name), this.folder, { recursive: true });
    writeFileSync(join(this.folder, '.npmrc'), registry.settings);
    // What was published a moment ago is what is to be tried.
    writeFileSync(join(this.folder, 'pnpm-workspace.yaml'), 'minimumReleaseAge: 0\nallowBuilds:\n  esbuild: false\n');
  }

  /** Installs (or moves to) a version of our packages. */
  async install(version: string): Promise<void> {
    const { name, type, manager, uses, others } = this.#options;
    const dependencies: Record<string, string> = {};
    for (const used of uses) dependencies[used] = version;
    for (const other of others) dependencies[other] = versionHere(other);
    const manifest = { name, version: '1.0.0', private: true, type, dependencies };
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
    const args =
      manager === 'npm'
        ? ['install', '--no-audit', '--no-fund', '--loglevel=error']
        : ['install', '--prefer-offline', '--no-frozen-lockfile'];
    await command(manager, args, { cwd: this.folder });
    for (const used of uses) {
      const installed = this.versionOf(used);
      if (installed !== version) throw new Error(`${used} ${installed} was installed instead of ${version}`);
    }
  }

  versionOf(name: string): string {
    const file = join(this.folder, 'node_modules', name, 'package.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
  }

  /** Runs a command of a package that it installed, as one does without knowing where it is. */
  npx(...args: readonly string[]): Promise<string> {
    return this.run('npx', '--no', ...args);
  }

  /** Runs Node in it and returns what it printed. */
  node(...args: readonly string[]): Promise<string> {
    return this.run(process.execPath, ...args);
  }

  /** Runs a program in it and returns what it printed. */
  run(program: string, ...args: readonly string[]): Promise<string> {
    return command(program, args, { cwd: this.folder });
  }

  /** The file behind a command of a package that it installed. */
  tool(path: string): string {
    return join(this.folder, 'node_modules', path);
  }
}

/** The version of a third-party package that the tests of this workspace use. */
export function versionHere(name: string): string {
  for (const folder of ['.', 'apps/demo', 'apps/server', 'packages/react']) {
    try {
      const file = resolve(root, folder, 'node_modules', name, 'package.json');
      return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
    } catch {
      // Not there: the next place.
    }
  }
  throw new Error(`the workspace does not have ${name}`);
}
