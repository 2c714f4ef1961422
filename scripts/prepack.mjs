// Run in a package by `pnpm pack` and `pnpm publish`, before they pack: builds it, and what it is built from, where that is out of date.
// `PACK_AS_BUILT=1`: everything was built a moment ago. Many packages are packed at a time then, and no build may touch another's files.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, root, run } from './workspace.mjs';

/** @type {{ name: string }} */
const { name } = JSON.parse(readFileSync('package.json', 'utf8'));

async function build() {
  const turbo = [join(root, 'scripts/turbo.mjs'), 'run', 'build', `--filter=${name}`, '--output-logs=errors-only'];
  const args = [join(root, 'scripts/with-install.mjs'), 'everything', 'node', ...turbo];
  // Nothing is printed that is no fault: the output of `pnpm pack --json` is read by programs.
  const { code, output } = await run(node, args, { capture: true });
  if (code !== 0) process.stderr.write(output);
  process.exitCode = code;
}

if (process.env['PACK_AS_BUILT'] !== '1' || !existsSync('dist')) await build();
