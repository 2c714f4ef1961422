import { listFiles } from '../tools/index.ts';
import type { PlannerSession } from './session.ts';

/** A path that is there: a file, or a folder with something in it. */
export interface FoundPath {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Other paths that the same name could mean. */
  readonly others: readonly string[];
}

/** Finds what a path or a bare name in a question stands for, by listing. */
export async function findPath(session: PlannerSession, name: string): Promise<FoundPath | undefined> {
  const wanted = name.replace(/^\.\//, '').replace(/\/+$/, '');
  if (wanted === '' || /[\\*?{}\0]|^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(wanted)) return undefined;
  // A path from the root is meant as it stands; a bare name may be anywhere.
  return (
    (await choose(session, wanted, `{${wanted},${wanted}/**}`)) ??
    (await choose(session, wanted, `{**/${wanted},**/${wanted}/**}`))
  );
}

async function choose(session: PlannerSession, wanted: string, glob: string): Promise<FoundPath | undefined> {
  const { files } = await session.call(listFiles, { glob, limit: 100 });
  const asFile = files.map(({ path }) => path).filter((path) => path === wanted || path.endsWith(`/${wanted}`));
  const asFolder = [...new Set(files.map(({ path }) => folderOf(path, wanted)).filter((path) => path !== ''))];
  const candidates = [...asFile.map(fileAt), ...asFolder.map(folderAt)].sort((a, b) => depth(a.path) - depth(b.path));
  const best = candidates[0];
  if (best === undefined) return undefined;
  return { ...best, others: candidates.slice(1, 6).map(({ path }) => path) };
}

function fileAt(path: string): { path: string; kind: 'file' } {
  return { path, kind: 'file' };
}

function folderAt(path: string): { path: string; kind: 'folder' } {
  return { path, kind: 'folder' };
}

function folderOf(path: string, wanted: string): string {
  const at = `/${path}`.indexOf(`/${wanted}/`);
  return at < 0 ? '' : path.slice(0, at + wanted.length);
}

function depth(path: string): number {
  return path.split('/').length;
}
