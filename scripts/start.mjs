// `pnpm start [arguments]`: builds what is out of date, then runs the server with the arguments until it ends.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { bin, node, root, run, toolEnv } from './workspace.mjs';

const args = process.argv.slice(2);
if (args[0] === '--') args.shift();

/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
/** @type {NodeJS.Signals | undefined} */
let received;

// Ctrl-C in a terminal reaches the server too, so this only waits for it. A second signal is left to the server as well: this
// process never ends before it does.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    if (received !== undefined) return;
    received = signal;
    if (server === undefined) process.exit(128 + constants.signals[signal]);
    server.kill(signal);
  });
}

const slow = setTimeout(() => console.error('Building ...'), 1_000);
const build = await run(
  node,
  [bin('turbo'), 'run', 'build', '--filter=@ws/server', '--filter=@ws/demo', '--output-logs=errors-only'],
  { capture: true },
);
clearTimeout(slow);
if (build.code !== 0) {
  process.stderr.write(build.output);
  process.exit(received === undefined ? build.code : 128 + constants.signals[received]);
}

// The server sees relative paths from where the command was typed.
server = spawn(node, [resolve(root, 'apps/server/dist/main.js'), ...args], {
  cwd: process.env['INIT_CWD'] ?? process.cwd(),
  env: toolEnv,
  stdio: 'inherit',
});
server.once('error', (error) => {
  console.error(`The server could not be started: ${error.message}`);
  process.exitCode = 1;
});
server.once('exit', (code, signal) => {
  process.exit(code ?? (signal === null ? 1 : 128 + constants.signals[signal]));
});
