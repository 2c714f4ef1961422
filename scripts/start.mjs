// `pnpm start [arguments]`: builds what is out of date, then becomes the server, with the same arguments and the demo.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { settingsOfStart } from './settings-of-start.ts';
import { bin, node, root, run } from './workspace.mjs';

const args = process.argv.slice(2);
if (args[0] === '--') args.shift();

// Ctrl-C while building ends the build tool too: there is nothing to say about it.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const slow = setTimeout(() => console.error('Building ...'), 1_000);
const build = await run(
  node,
  [
    bin('turbo'),
    'run',
    'build',
    '--filter=@ws/service',
    '--filter=@ws/demo',
    '--filter=@ws/inspector',
    '--output-logs=errors-only',
  ],
  { capture: true },
);
clearTimeout(slow);
if (build.code !== 0) {
  process.stderr.write(build.output);
  process.exit(build.code);
}

Object.assign(process.env, settingsOfStart(process.env));
// The server sees relative paths from where the command was typed.
process.chdir(process.env['INIT_CWD'] ?? process.cwd());
const command = [node, resolve(root, 'apps/server/dist/main.js'), ...args];

if (process.platform === 'win32') {
  // Ctrl-C reaches the server by itself: this only waits for it.
  process.removeAllListeners('SIGINT').on('SIGINT', () => {});
  spawn(node, command.slice(1), { stdio: 'inherit' }).once('exit', (code) => process.exit(code ?? 1));
} else {
  // The server takes the place of this process: it gets every signal once and its exit code is the command's.
  process.execve?.(node, command);
}
