import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { publicPackages } from '../../scripts/public-packages.mjs';
import { makeTempFolder, ROOT } from './places.ts';
import { runProcess } from './run-process.ts';

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
    packages.map(async ({ name, short, directory }) => {
      tarballs[name] = `file:./${short}.tgz`;
      await pnpm(directory, 'pack', '--out', join(folder, `${short}.tgz`));
    }),
  );
  const dependencies = { ...tarballs, ...Object.fromEntries(PEERS.map((name) => [name, versionHere(name)])) };
  const manifest = { name: 'installed', private: true, dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  // JSON is YAML, too. Packages of ours need one another in this version, which no registry has.
  const settings = { overrides: tarballs, minimumReleaseAge: 0, allowBuilds: { esbuild: false } };
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(settings));
  await pnpm(folder, 'install', '--prefer-offline', '--no-frozen-lockfile');
  return folder;
}

async function pnpm(cwd: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runProcess('pnpm', args, { cwd });
  if (code !== 0) throw new Error(`pnpm ${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`);
}

function versionHere(name: string): string {
  const file = resolve(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
