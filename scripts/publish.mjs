// `pnpm release:publish`: builds, and publishes every public package whose version the registry does not have yet.
import { nameRepository } from './provenance.mjs';
import { bin, node, run, toolEnv } from './workspace.mjs';

const build = [bin('turbo'), 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only'];
const publish = [bin('@changesets/cli', 'changeset'), 'publish'];

let { code } = await run(node, build);
if (code === 0) {
  nameRepository(process.env);
  ({ code } = await run(node, publish, { env: { ...toolEnv, PACK_AS_BUILT: '1' } }));
}
process.exitCode = code;
