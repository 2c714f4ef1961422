// Writes what follows from the table of deprecations: JSDoc tags, the snake_case interfaces, DEPRECATIONS.md. Run it after a change
// of the table: npx --yes pnpm@12 --filter @ws/compat generate
import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';

for (const { path, expected, actual } of generatedFiles()) {
  if (expected === actual) continue;
  writeFileSync(path, expected);
  console.log(`wrote ${path}`);
}
