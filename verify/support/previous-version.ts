import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../release/support/command.ts';
import { CLIENT, SERVER, makeTempFolder, ROOT } from './places.ts';

/** What of a version is run: its built server and the entry of its built client. */
export interface BuiltVersion {
  readonly name: string;
  readonly server: string;
  readonly client: string;
}

export const THIS_VERSION: BuiltVersion = {
  name: 'this version',
  server: join(ROOT, SERVER),
  client: join(ROOT, CLIENT),
};

const built = new Map<string, Promise<BuiltVersion>>();

/** The version of a revision, built in a folder of its own. Made once for all claims that look at it; gone when the program ends. */
export function previousVersion(revision: string): Promise<BuiltVersion> {
  const found = built.get(revision) ?? build(revision);
  built.set(revision, found);
  return found;
}

async function build(revision: string): Promise<BuiltVersion> {
  const { path: folder } = makeTempFolder();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // Shares the objects of this repository and leaves nothing in it, as a worktree would.
  await command('git', ['clone', '--quiet', '--shared', '--no-checkout', ROOT, folder], { cwd: ROOT });
  await command('git', ['checkout', '--quiet', '--detach', revision], { cwd: folder });
  await command('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: folder });
  // By folders: names of packages have changed.
  await command('pnpm', ['build', '--filter=./apps/server', '--filter=./packages/client'], { cwd: folder });
  return { name: revision, server: join(folder, SERVER), client: join(folder, CLIENT) };
}
