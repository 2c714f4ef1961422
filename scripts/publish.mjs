// `pnpm release:publish`: builds, and publishes every public package whose version the registry does not have yet.
import { bin, node, run } from './workspace.mjs';

const steps = [
  [bin('turbo'), 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only'],
  [bin('@changesets/cli', 'changeset'), 'publish'],
];
for (const args of steps) {
  const { code } = await run(node, args);
  if (code !== 0) process.exit(code);
}
