// Run in a package by `pnpm pack` and `pnpm publish`, before they pack: builds it, and what it is built from, where that is out of date.
import { readFileSync } from 'node:fs';
import { bin, node, run } from './workspace.mjs';

/** @type {{ name: string }} */
const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
const args = [bin('turbo'), 'run', 'build', `--filter=${name}`, '--output-logs=errors-only'];
// Nothing is printed that is no fault: the output of `pnpm pack --json` is read by programs.
const { code, output } = await run(node, args, { capture: true });
if (code !== 0) process.stderr.write(output);
process.exitCode = code;
