// Says in each package that is published which repository it comes from: a registry checks that against what was signed.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { publicPackages } from './public-packages.mjs';
import { root } from './workspace.mjs';

/**
 * Writes `repository` into the manifests of the packages, where the environment of a workflow names the repository. The name does
 * not stand in the manifests themselves, so that a fork publishes as what it is.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {string} [workspace]
 */
export function nameRepository({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository }, workspace = root) {
  if (server === undefined || repository === undefined) return;
  for (const { directory } of publicPackages(workspace)) {
    const file = resolve(directory, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    const place = relative(workspace, directory).replaceAll('\\', '/');
    manifest.repository = { type: 'git', url: `git+${server}/${repository}.git`, directory: place };
    writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  }
}
