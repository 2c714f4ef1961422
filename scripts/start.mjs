// `pnpm start [arguments]`: builds the pages that are out of date, then becomes the service with the demo, with the same arguments.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { buildPages } from './build-pages.mjs';
import { withDotEnv } from '../apps/server/src/settings/dot-env.ts';
import { settingsOfStart } from './settings-of-start.ts';
import { node, root } from './workspace.mjs';

const args = process.argv.slice(2);
if (args[0] === '--') args.shift();

// Ctrl-C while building ends the build tool too: there is nothing to say about it.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const code = await buildPages();
if (code !== 0) process.exit(code);

// The server sees relative paths from where the command was typed, and a file `.env` there.
process.chdir(process.env['INIT_CWD'] ?? process.cwd());
const { env } = withDotEnv(process.env, process.cwd());
// Sources are compiled once: a later start takes a third of the time.
Object.assign(process.env, {
  NODE_COMPILE_CACHE: resolve(root, 'node_modules/.cache/start'),
  ...process.env,
  ...settingsOfStart(env),
});
const command = [node, '--conditions=@ws/source', resolve(root, 'apps/demo/server/main.ts'), ...args];

if (process.platform === 'win32') {
  // Ctrl-C reaches the server by itself: this only waits for it.
  process.removeAllListeners('SIGINT').on('SIGINT', () => {});
  spawn(node, command.slice(1), { stdio: 'inherit' }).once('exit', (code) => process.exit(code ?? 1));
} else {
  // The server takes the place of this process: it gets every signal once and its exit code is the command's.
  process.execve?.(node, command);
}
