import { library } from '../../scripts/tsup-library.ts';

const config = library({ platform: 'node' });

// The command is no entry that anybody imports, so it is not in the `exports` map.
export default { ...config, entry: { ...config.entry, cli: './src/cli.ts' } };
