import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An application of a framework that builds it, in `apps`. */
export interface FrameworkApp {
  /** The module that starts it when it is built, without extension. */
  readonly entry: string;
  /** The program that builds it: a file of an installed package, with arguments. */
  readonly build: readonly [program: string, ...args: string[]];
  /** The files that the documentation shows. */
  readonly shown: readonly string[];
}

const APPS = {
  next: {
    entry: 'server',
    build: ['next/dist/bin/next', 'build', '--webpack'],
    shown: ['server.ts', 'app/api/agents/v1/[...path]/route.ts'],
  },
  sveltekit: {
    entry: 'server',
    build: ['vite/bin/vite.js', 'build'],
    shown: ['server.ts', 'src/routes/api/agents/[...path]/+server.ts'],
  },
  astro: {
    entry: 'server',
    build: ['astro/bin/astro.mjs', 'build'],
    shown: ['server.ts', 'src/pages/api/agents/[...path].ts'],
  },
  nitro: {
    entry: 'start',
    build: ['nitro/dist/cli/index.mjs', 'build'],
    shown: ['nitro.config.ts', 'plugins/agents.ts', 'routes/agents/ws.ts', 'routes/agents/[...].ts'],
  },
} as const satisfies Readonly<Record<string, FrameworkApp>>;

export type AppName = keyof typeof APPS;

export function frameworkApp(name: AppName): FrameworkApp {
  return APPS[name];
}

/** Where the files of an application are. */
export function appFolder(name: AppName): string {
  return join(import.meta.dirname, 'apps', name);
}

const built = new Set<AppName>();

/** Installs what an application needs and the workspace does not have, and builds it. */
export function buildApp(name: AppName): void {
  if (built.has(name)) return;
  installFor(name);
  const [program, ...args] = frameworkApp(name).build;
  const cwd = appFolder(name);
  const file = [cwd, import.meta.dirname].map((folder) => join(folder, 'node_modules', program)).find(existsSync);
  if (file === undefined) throw new Error(`${program} is not installed, and builds apps/${name}`);
  const telemetry = { ASTRO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' };
  const env = { ...process.env, ...telemetry, NODE_ENV: 'production' };
  execFileSync(process.execPath, [file, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  built.add(name);
}

/** The install of everybody who runs the tests has no need of these frameworks. */
function installFor(name: AppName): void {
  const folder = appFolder(name);
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
  if (!('dependencies' in (JSON.parse(manifest) as object))) return;
  const note = join(folder, 'node_modules/.installed.json');
  if (existsSync(note) && readFileSync(note, 'utf8') === manifest) return;
  const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', ['install', ...quiet], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(note, manifest);
}
