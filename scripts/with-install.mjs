// `node scripts/with-install.mjs SET COMMAND [arguments]`: installs the set of packages that the command needs, where they are missing
// or not those of the lockfile, and becomes the command. Runs on the Node of the machine: before the first install there is no other.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { install, isSet } from './install.mjs';
import { root } from './workspace.mjs';

const [set = '', command = '', ...args] = process.argv.slice(2);
if (!isSet(set) || command === '') {
  console.error('Usage: node scripts/with-install.mjs service|cluster|everything COMMAND [arguments]');
  process.exit(2);
}

// Ctrl-C while packages are installed ends pnpm too: there is nothing to say about it.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
const code = await install(set);
if (code !== 0) process.exit(code);
process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');

const commands = resolve(root, 'node_modules/.bin');
const own = join(commands, process.platform === 'win32' ? `${command}.cmd` : command);
// The Node of the workspace is the one that was installed, where there is one for this platform.
const program = existsSync(own) ? own : command === 'node' ? process.execPath : command;
const env = { ...process.env, PATH: `${commands}${delimiter}${process.env['PATH'] ?? ''}` };

// On a Node that can, the command takes the place of this process: it gets every signal once and its exit code is the command's.
if (process.platform !== 'win32') process.execve?.(program, [program, ...args], env);

const child = spawn(program, args, { stdio: 'inherit', env, shell: program.endsWith('.cmd') });
// A terminal signals the command by itself; what is sent to this process alone is passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => {
  if (!process.stdin.isTTY) child.kill('SIGHUP');
});
child.once('error', (error) => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exit(1);
});
child.once('close', (exit, signal) => process.exit(exit ?? (signal === null ? 1 : 128 + constants.signals[signal])));
