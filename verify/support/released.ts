import { runProcess } from './run-process.ts';
import { ROOT } from './places.ts';

/** Runs git in the workspace; `undefined` if it says no. */
export async function git(...args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await runProcess('git', args, { cwd: ROOT });
  return code === 0 ? stdout : undefined;
}

/** The tag of the newest release (all packages have one version), as `changeset publish` writes it. */
export async function lastRelease(): Promise<string | undefined> {
  const tags = await git('tag', '--list', '@ws/core@*', '--merged', 'HEAD', '--sort=-version:refname');
  return tags?.split('\n').find((tag) => tag !== '');
}
