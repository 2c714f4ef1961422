// The programs outside of the workspace that tests use. A tool that is missing is installed where that can be done without
// asking; otherwise its tests are skipped, or fail where CI=true.
import { accessSync, constants } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { run } from './workspace.mjs';

/**
 * @typedef {object} Tool
 * @property {string} name what a sentence calls it
 * @property {string} variable the environment variable that holds its path, for the tests too
 * @property {readonly string[]} commands names to look for on the PATH
 * @property {string} debian the Debian package that brings it
 * @property {string} tests the tests that need it
 */

/** @type {readonly Tool[]} */
export const tools = [
  {
    name: 'Chromium',
    variable: 'CHROMIUM_PATH',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
    tests: 'browser tests',
  },
  {
    name: 'Redis',
    variable: 'REDIS_SERVER_PATH',
    commands: ['redis-server', 'valkey-server'],
    debian: 'redis-server',
    tests: 'tests of the log on Redis',
  },
  {
    name: 'NATS',
    variable: 'NATS_SERVER_PATH',
    commands: ['nats-server', '/usr/sbin/nats-server'],
    debian: 'nats-server',
    tests: 'tests of the log on NATS',
  },
  {
    name: 'nginx',
    variable: 'NGINX_PATH',
    commands: ['nginx', '/usr/sbin/nginx'],
    debian: 'nginx-light',
    tests: 'tests behind nginx',
  },
  {
    name: 'Caddy',
    variable: 'CADDY_PATH',
    commands: ['caddy'],
    debian: 'caddy',
    tests: 'tests behind Caddy',
  },
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {Tool} tool */
function find(tool) {
  const given = process.env[tool.variable];
  if (given) return isExecutable(given) ? given : undefined;
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return directories.flatMap((directory) => tool.commands.map((name) => resolve(directory, name))).find(isExecutable);
}

/** @param {readonly Tool[]} missing */
async function install(missing) {
  if (missing.length === 0 || process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) return;
  const packages = missing.map((tool) => tool.debian);
  console.log(`Installing ${packages.join(', ')} with apt-get ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { code, output } = await run('apt-get', args, { capture: true, env });
    if (code !== 0) return console.error(output);
  }
}

/**
 * Finds or installs tools.
 * @param {readonly Tool[]} [wanted] every tool if not given
 * @returns {Promise<{ env: Record<string, string>, missing: string[] }>} the variables that tell tests where the tools are, and
 *   a sentence for each tool that is not there
 */
export async function provideTools(wanted = tools) {
  await install(wanted.filter((tool) => !process.env[tool.variable] && find(tool) === undefined));
  /** @type {Record<string, string>} */
  const env = {};
  const missing = [];
  for (const tool of wanted) {
    const path = find(tool);
    if (path !== undefined) env[tool.variable] = path;
    else missing.push(`${tool.name} is missing, so the ${tool.tests} cannot run: install it or set ${tool.variable}.`);
  }
  return { env, missing };
}
