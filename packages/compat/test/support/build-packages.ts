import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runNode } from './run-node.ts';

const PACKAGES = resolve(import.meta.dirname, '../../..');
const NAMES = ['types', 'core', 'compat'] as const;

/** What the packages depend on, with the package that has it installed. */
const THIRD_PARTIES = [
  ['types', 'valibot'],
  ['compat', 'diff'],
  ['compat', 'magic-string'],
  ['compat', 'oxc-parser'],
] as const;

type Conditions = string | { readonly import: { readonly types: string } };

interface Manifest {
  readonly exports: Readonly<Record<string, Conditions>>;
  readonly publishConfig: { readonly exports: unknown };
}

/** A folder in which the built packages are installed, as they would be published. */
export interface BuiltPackages {
  readonly folder: string;
  /** All type declarations of a package. */
  typesOf(name: string): string;
  remove(): void;
}

/** Builds the package and those it stands on, with their own build, into a folder of their own: no `dist` is touched or needed. */
export async function buildPackages(): Promise<BuiltPackages> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ws-compat-')));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, '@ws'), { recursive: true });
    for (const [owner, name] of THIRD_PARTIES) {
      symlinkSync(realpathSync(join(PACKAGES, owner, 'node_modules', name)), join(modules, name), 'junction');
    }
    await Promise.all(NAMES.map((name) => build(name, join(modules, '@ws', name))));
  } catch (error) {
    remove();
    throw error;
  }
  const typesOf = (name: string): string => {
    const dist = join(folder, 'node_modules/@ws', name, 'dist');
    const files = readdirSync(dist).filter((file) => file.endsWith('.d.ts'));
    return files.map((file) => readFileSync(join(dist, file), 'utf8')).join('\n');
  };
  return { folder, typesOf, remove };
}

async function build(name: (typeof NAMES)[number], target: string): Promise<void> {
  const source = join(PACKAGES, name);
  mkdirSync(target);
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest;
  writeFileSync(join(target, 'package.json'), JSON.stringify(manifest));
  const tsup = resolve(PACKAGES, '../node_modules/tsup/dist/cli-default.js');
  const isTested = name === 'compat';
  await run([tsup, '--silent', '--out-dir', join(target, 'dist'), ...(isTested ? [] : ['--no-dts'])], source);
  if (!isTested) {
    // Types take most of the time of a build, and only those of one package are looked at.
    for (const conditions of Object.values(manifest.exports)) {
      if (typeof conditions !== 'string') writeFileSync(join(target, conditions.import.types), '');
    }
  }
  await run([resolve(PACKAGES, '../scripts/cjs.mjs')], target);
  // What `pnpm pack` does with `publishConfig`.
  writeFileSync(join(target, 'package.json'), JSON.stringify({ ...manifest, exports: manifest.publishConfig.exports }));
}

async function run(args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await runNode(args, { cwd });
  if (code !== 0) throw new Error(`${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`);
}
