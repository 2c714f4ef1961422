// Installs what a command needs, and no more. pnpm itself installs the whole workspace or nothing before it runs a script
// (`verifyDepsBeforeRun`), which is off here. Runs on the Node of the machine, without any package.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from './workspace.mjs';

/** @typedef {'service' | 'cluster' | 'everything'} PackageSet */
/** @typedef {{ set: PackageSet, state: string }} Installed */

/** Each set has what the one before it has. @type {readonly PackageSet[]} */
const SETS = ['service', 'cluster', 'everything'];

/** The root has the Node that the workspace runs on; the tools of its devDependencies are not part of a smaller set. */
const SERVICE = ['.', '@ws/cli...', '@ws/service...', '@ws/demo...', '@ws/inspector...'];

/** @type {Record<PackageSet, { readonly what: string, readonly args: readonly string[] }>} */
const INSTALLS = {
  service: { what: 'what the service needs', args: filtered(SERVICE) },
  cluster: { what: 'what the cluster needs', args: filtered([...SERVICE, '@ws/bench...']) },
  everything: { what: 'everything that development needs', args: [] },
};

/** @param {readonly string[]} selected */
function filtered(selected) {
  // The lockfile names packages by their hashes. That each of a thousand was published long enough ago is asked of the registry when
  // everything is installed: it takes longer than the install of a smaller set.
  return ['--prod', '--config.minimumReleaseAge=0', ...selected.map((one) => `--filter=${one}`)];
}

/** @param {string} name @returns {name is PackageSet} */
export const isSet = (name) => SETS.some((set) => set === name);

/**
 * Sees to it that a set of packages is installed as the lockfile says. What is there beyond it stays, and is kept up to date too.
 * @param {PackageSet} wanted
 * @param {string} [workspace] root of the workspace
 * @param {(args: readonly string[]) => Promise<number>} [pnpm] runs pnpm in the workspace, and answers its exit code
 * @returns {Promise<number>} 0, or the exit code of pnpm, which has said what is wrong
 */
export async function install(wanted, workspace = root, pnpm = (args) => runPnpm(args, workspace)) {
  const before = installed(workspace);
  const state = stateOf(workspace);
  if (before?.state === state && rank(before.set) >= rank(wanted)) return 0;
  const set = before === undefined || rank(before.set) < rank(wanted) ? wanted : before.set;
  const { what, args } = INSTALLS[set];
  console.error(`Installing ${what} ...`);
  const code = await pnpm(['install', '--frozen-lockfile', ...args]);
  if (code === 0) remember({ set, state }, workspace);
  return code;
}

/** @param {PackageSet} set */
const rank = (set) => SETS.indexOf(set);

/** @param {string} workspace */
const stampOf = (workspace) => join(workspace, 'node_modules/.cache/installed.json');

/** @param {string} workspace @returns {Installed | undefined} */
function installed(workspace) {
  const modules = join(workspace, 'node_modules/.modules.yaml');
  if (!existsSync(modules)) return undefined;
  const stamp = stampOf(workspace);
  /** @type {Installed} */
  const last = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : { set: 'everything', state: '' };
  // pnpm called by hand installs the tools of development too. They are not taken away again.
  const hasTools = !/"?devDependencies"?: false/.test(readFileSync(modules, 'utf8'));
  return hasTools ? { ...last, set: 'everything' } : last;
}

/** @param {Installed} now @param {string} workspace */
function remember(now, workspace) {
  const stamp = stampOf(workspace);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${JSON.stringify(now)}\n`);
}

/** What an install depends on. @param {string} workspace */
function stateOf(workspace) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']) {
    hash.update(readFileSync(join(workspace, file))).update('\0');
  }
  return hash.digest('hex');
}

/** @param {readonly string[]} args @param {string} cwd @returns {Promise<number>} */
function runPnpm(args, cwd) {
  // The pnpm that runs this script: a program, or a script for Node.
  const own = process.env['npm_execpath'] ?? '';
  const isScript = /\.[cm]?js$/.test(own);
  const [command, ...first] = !/pnpm/.test(basename(own))
    ? ['npx', '--yes', 'pnpm@12']
    : isScript
      ? [process.execPath, own]
      : [own];
  return new Promise((done, fail) => {
    const isShell = process.platform === 'win32' && !isScript;
    const child = spawn(command ?? '', [...first, ...args], { cwd, stdio: 'inherit', shell: isShell });
    child.once('error', fail);
    child.once('close', (code) => done(code ?? 1));
  });
}
