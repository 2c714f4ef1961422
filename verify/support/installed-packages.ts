import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { command } from '../../release/support/command.ts';
import { pack } from '../../release/support/pack.ts';
import { publicPackages } from '../../scripts/public-packages.mjs';
import { makeTempFolder, ROOT } from './places.ts';

/** What a user of the packages brings along, for the packages that ask for it. */
const PEERS = ['eslint', 'vitest'];

let installed: Promise<string> | undefined;

/**
 * The folder of a project outside of the workspace, with every public package installed from its tarball, as it would be
 * published. Made once for all claims that look at it; gone when the program ends.
 */
export function installedPackages(): Promise<string> {
  installed ??= install();
  return installed;
}

async function install(): Promise<string> {
  const { path: folder } = makeTempFolder();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const packages = publicPackages();
  const tarballs: Record<string, string> = {};
  await Promise.all(
    packages.map(async (one) => {
      tarballs[one.name] = `file:./${one.short}.tgz`;
      await pack(one, folder);
    }),
  );
  const dependencies = { ...tarballs, ...Object.fromEntries(PEERS.map((name) => [name, versionHere(name)])) };
  const manifest = { name: 'installed', private: true, dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  // JSON is YAML, too. Packages of ours need one another in this version, which no registry has.
  const settings = { overrides: tarballs, minimumReleaseAge: 0, allowBuilds: { esbuild: false } };
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(settings));
  await command('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile'], { cwd: folder });
  return folder;
}

function versionHere(name: string): string {
  const file = resolve(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
