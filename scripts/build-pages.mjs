// Builds the pages that the service serves, where they are out of date. The service itself runs from its sources: building it too took
// most of the time of a first start, and every package and compiler that a build needs.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { node, root, run } from './workspace.mjs';

const PAGES = ['demo', 'inspector'];
/** What pages are made of: their own files, and the packages that they import by source. */
const INPUTS = ['src/**/*', 'index.html', 'public/**/*', 'package.json', 'vite.config.ts', 'tsconfig.json'];
const PACKAGES = ['packages/client', 'packages/react', 'packages/types', 'packages/ui'];

/** @returns {Promise<number>} 0, or the exit code of a build, which has said what is wrong */
export async function buildPages() {
  const codes = await Promise.all(PAGES.map(buildPage));
  return codes.find((code) => code !== 0) ?? 0;
}

/** @param {string} name @returns {Promise<number>} */
async function buildPage(name) {
  const folder = resolve(root, 'apps', name);
  const stamp = resolve(root, 'node_modules/.cache/pages', `${name}.json`);
  const inputs = hashOf([`apps/${name}`, ...PACKAGES].flatMap((one) => INPUTS.map((input) => `${one}/${input}`)));
  // The page names its assets by their content, so that it tells a build of something else apart.
  const built = () => hashOf([`apps/${name}/dist/index.html`]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(inputs, built())) return 0;
  console.error(`Building the page ${name} ...`);
  const vite = join(folder, 'node_modules/vite/bin/vite.js');
  const { code, output } = await run(node, [vite, 'build', '--logLevel', 'warn'], { capture: true, cwd: folder });
  if (code !== 0) {
    process.stderr.write(output);
    return code;
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, stampOf(inputs, built()));
  return 0;
}

/** @param {string} inputs @param {string} page */
const stampOf = (inputs, page) => JSON.stringify({ inputs, page });

/** @param {readonly string[]} patterns */
function hashOf(patterns) {
  const hash = createHash('sha256');
  const files = globSync([...patterns, 'tsconfig.base.json', 'pnpm-lock.yaml'], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
