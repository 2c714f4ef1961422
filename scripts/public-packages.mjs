// The packages that are published, and their entries, as their package.json says.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { root } from './workspace.mjs';

/**
 * @typedef {object} Entry
 * @property {string} path its key in `exports`: `.` or `./name`
 * @property {string} specifier what an import of it says
 * @property {string} source the file it is built from, absolute
 * @property {string} types the file of its built types, absolute
 *
 * @typedef {object} PublicPackage
 * @property {string} name
 * @property {string} short the name without its scope
 * @property {string} directory absolute
 * @property {string[]} exports the keys of its `exports`
 * @property {Entry[]} entries what can be imported
 *
 * @typedef {string | { '@ws/source': string, import?: { types: string } }} Target
 * @typedef {{ name: string, private?: boolean, exports: Record<string, Target> }} Manifest
 */

/** @param {string} file @returns {PublicPackage | undefined} */
function read(file) {
  /** @type {Manifest} */
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  if (manifest.private === true) return undefined;
  const directory = dirname(file);
  const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
    // Without a build it is for the tests of the workspace, and not published.
    typeof target === 'string' || target.import === undefined
      ? []
      : [
          {
            path,
            specifier: manifest.name + path.slice(1),
            source: resolve(directory, target['@ws/source']),
            types: resolve(directory, target.import.types),
          },
        ],
  );
  return {
    name: manifest.name,
    short: basename(manifest.name),
    directory,
    exports: Object.entries(manifest.exports).flatMap(([path, target]) =>
      typeof target === 'string' || target.import !== undefined ? [path] : [],
    ),
    entries,
  };
}

/** @param {string} [workspace] @returns {PublicPackage[]} in the order of their names */
export function publicPackages(workspace = root) {
  return globSync('packages/*/package.json', { cwd: workspace })
    .sort()
    .flatMap((file) => read(resolve(workspace, file)) ?? []);
}
