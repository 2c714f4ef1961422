import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

/** The Node of the workspace is the one that runs this script: scripts/with-install.mjs sees to it. */
export const node = process.execPath;

/** Environment of the tools: they report nothing to anyone. */
export const toolEnv = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };

/**
 * Path of the JavaScript file behind a command of a root dependency, so that it runs on our Node without a shell.
 * @param {string} name package name
 * @param {string} [command] name in its `bin` map, if it is not the package's
 */
export function bin(name, command = name) {
  const require = createRequire(resolve(root, 'package.json'));
  const base = require.resolve.paths(name)?.[0];
  const file = resolve(base ?? root, name, 'package.json');
  const declared = /** @type {{ bin: string | Record<string, string> }} */ (require(file)).bin;
  const path = typeof declared === 'string' ? declared : declared[command];
  if (path === undefined) throw new Error(`${name} has no command "${command}"`);
  return resolve(dirname(file), path);
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ capture?: boolean, env?: NodeJS.ProcessEnv, cwd?: string }} [options] `capture` keeps the output instead of showing it
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { capture = false, env = toolEnv, cwd = root } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    }
    child.once('error', fail);
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}
