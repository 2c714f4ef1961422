import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT, SERVER, makeTempFolder, ROOT } from './places.ts';
import { runProcess } from './run-process.ts';

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
  await run('git', ['clone', '--quiet', '--shared', '--no-checkout', ROOT, folder], ROOT);
  await run('git', ['checkout', '--quiet', '--detach', revision], folder);
  await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], folder);
  await run('pnpm', ['build', '--filter=@ws/server', '--filter=@ws/client'], folder);
  return { name: revision, server: join(folder, SERVER), client: join(folder, CLIENT) };
}

async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await runProcess(program, args, { cwd });
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')} failed:\n${(stdout + stderr).slice(-2_000)}`);
}
