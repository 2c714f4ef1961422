// `turbo`, with its telemetry off.
import { bin, node, run } from './workspace.mjs';

process.exitCode = (await run(node, [bin('turbo'), ...process.argv.slice(2)])).code;
