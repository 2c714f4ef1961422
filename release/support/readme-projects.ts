import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublicPackage } from '../../scripts/public-packages.mjs';
import { bin } from '../../scripts/workspace.mjs';
import { command } from './command.ts';
import { versionHere } from './consumer.ts';
import { pack } from './pack.ts';
import { Readme } from './readme.ts';
import { StartedProgram } from './started-program.ts';

/** What a project in TypeScript has beside the packages that it uses. */
const EVERY_PROJECT = ['@types/node', '@types/react', '@types/react-dom'];

const TYPE_CHECK = [
  ...['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024', '--jsx', 'react-jsx'],
  ...['--lib', 'es2024,esnext.disposable,dom,dom.iterable', '--types', 'node', '--allowImportingTsExtensions'],
];

/** A project in an otherwise empty folder, with the packages that a README says to install and nothing else. */
export class ReadmeProject {
  readonly folder: string;
  readonly readme: Readme;

  constructor(folder: string, readme: Readme) {
    this.folder = folder;
    this.readme = readme;
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs a file with Node to its end and returns what it printed. */
  node(...args: readonly string[]): Promise<string> {
    return command(process.execPath, args, { cwd: this.folder });
  }

  /** Runs a program to its end and returns what it printed. */
  run(program: string, ...args: readonly string[]): Promise<string> {
    return command(program, args, { cwd: this.folder });
  }

  /** Runs the command of a package that it installed. */
  exec(name: string, ...args: readonly string[]): Promise<string> {
    return command(join(this.folder, 'node_modules/.bin', name), args, { cwd: this.folder });
  }

  start(program: string, ...args: readonly string[]): StartedProgram {
    return new StartedProgram(program, args, this.folder);
  }

  /** Checks the types of a file against those of the packages, as they are installed. */
  async typeCheck(file: string): Promise<void> {
    await this.node(bin('typescript7', 'tsc'), ...TYPE_CHECK, file);
  }
}

/**
 * A project for each package, installed from tarballs by one command. Each sees what its own README names, because pnpm links no other
 * package into its folder.
 */
export async function installReadmeProjects(
  folder: string,
  packages: readonly PublicPackage[],
): Promise<ReadonlyMap<string, ReadmeProject>> {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  await Promise.all(packages.map((one) => pack(one, tarballs)));
  const ours = new Map(packages.map(({ name, short }) => [name, `file:${join(tarballs, `${short}.tgz`)}`]));
  // What a package of ours needs of another one comes from its tarball, too: none is in a registry.
  const overrides = [...ours].map(([name, tarball]) => `  '${name}': '${tarball}'`);
  const settings = ['packages:', '  - projects/*', 'minimumReleaseAge: 0', 'allowBuilds:', '  esbuild: false'];
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), [...settings, 'overrides:', ...overrides, ''].join('\n'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'projects', private: true }));

  const projects = new Map<string, ReadmeProject>();
  for (const { name, short, directory } of packages) {
    const project = new ReadmeProject(join(folder, 'projects', short), new Readme(directory));
    const installs = [...project.readme.installs, ...EVERY_PROJECT];
    if (!project.readme.installs.includes(name)) throw new Error(`the README of ${name} does not install ${name}`);
    const dependencies = Object.fromEntries(installs.map((one) => [one, ours.get(one) ?? versionHere(one)]));
    const manifest = { name: `uses-${short}`, version: '1.0.0', private: true, type: 'module', dependencies };
    project.write('package.json', JSON.stringify(manifest, undefined, 2));
    projects.set(name, project);
  }
  await command('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile'], { cwd: folder });
  return projects;
}
