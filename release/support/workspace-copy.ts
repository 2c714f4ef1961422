import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { publicPackages } from '../../scripts/public-packages.mjs';
import { nameRepository } from '../../scripts/provenance.mjs';
import { bin, root } from '../../scripts/workspace.mjs';
import { command } from './command.ts';
import type { Registry } from './registry.ts';

const AUTHOR = {
  GIT_AUTHOR_NAME: 'Rehearsal',
  GIT_AUTHOR_EMAIL: 'rehearsal@localhost',
  GIT_COMMITTER_NAME: 'Rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@localhost',
};

/** The workspace as it is now, committed or not, and as it is built, in a place where versions can be raised and tags set. */
export class WorkspaceCopy {
  readonly folder: string;
  #changesets = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(folder: string): Promise<WorkspaceCopy> {
    const listed = await command('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root });
    for (const file of listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      copyFileSync(join(root, file), join(folder, file));
    }
    // What is installed is the same; the links between packages are relative, so they lead to the packages of the copy.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const { directory } of publicPackages()) {
      for (const part of ['node_modules', 'dist']) {
        const target = join(folder, relative(root, directory), part);
        cpSync(join(directory, part), target, { recursive: true, verbatimSymlinks: true });
      }
    }
    const copy = new WorkspaceCopy(folder);
    await copy.#git('init', '--quiet', '--initial-branch=main');
    await copy.#commit('As it is');
    return copy;
  }

  /** Raises the version of all packages by a minor with a changeset, as a release does. Returns the new version. */
  async raiseMinor(): Promise<string> {
    this.#changesets += 1;
    const names = publicPackages(this.folder).map(({ name }) => `'${name}': minor`);
    const text = `---\n${names.join('\n')}\n---\n\nRehearsal ${this.#changesets}.\n`;
    writeFileSync(join(this.folder, `.changeset/rehearsal-${this.#changesets}.md`), text);
    await command(process.execPath, [bin('@changesets/cli', 'changeset'), 'version'], { cwd: this.folder });
    await this.#commit('Release');
    const versions = new Set(publicPackages(this.folder).map(({ directory }) => versionOf(directory)));
    const [version, ...others] = versions;
    if (version === undefined || others.length > 0)
      throw new Error(`packages of several versions: ${[...versions].join(', ')}`);
    return version;
  }

  /** Adds a name to what a package exports, and builds the package: a change that a user can see. */
  async addExport(short: string, name: string): Promise<void> {
    const directory = join(this.folder, 'packages', short);
    appendFileSync(join(directory, 'src/index.ts'), `export const ${name}: string = '${name}';\n`);
    await command(process.execPath, [bin('tsup')], { cwd: directory });
    await command(process.execPath, [join(this.folder, 'scripts/cjs.mjs')], { cwd: directory });
  }

  /** Publishes what is built and not in the registry yet, as the workflow of this repository does. */
  publish(registry: Registry, repository: string): Promise<string> {
    nameRepository({ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: repository }, this.folder);
    writeFileSync(join(this.folder, '.npmrc'), registry.settings);
    const args = [bin('@changesets/cli', 'changeset'), 'publish'];
    return command(process.execPath, args, { cwd: this.folder, env: { ...AUTHOR, PACK_AS_BUILT: '1' } });
  }

  async tags(): Promise<readonly string[]> {
    return (await this.#git('tag', '--list')).split('\n').filter((tag) => tag !== '');
  }

  async #commit(message: string): Promise<void> {
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', '--no-verify', '--message', message);
  }

  #git(...args: readonly string[]): Promise<string> {
    return command('git', args, { cwd: this.folder, env: AUTHOR });
  }
}

function versionOf(directory: string): string {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}
