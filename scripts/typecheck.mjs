// `pnpm typecheck`: every tsconfig.json of the workspace, with the native compiler: it says the same as the one that tsup and
// ESLint need (`typescript`), in a tenth of the time.
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { node, root, run } from './workspace.mjs';

const compiler = resolve(root, 'node_modules/typescript7/bin/tsc');
const projects = globSync(
  ['tsconfig.json', '{packages,apps}/*/{,server/,test/}tsconfig.json', '{bench,verify,examples/*}/tsconfig.json'],
  {
    cwd: root,
  },
).sort();

let failed = false;
for (const project of projects) {
  const { code, output } = await run(node, [compiler, '--noEmit', '--pretty', 'false', '-p', project], {
    capture: true,
  });
  if (code === 0) continue;
  failed = true;
  console.error(`${project}:\n${output}`);
}
process.exit(failed ? 1 : 0);
