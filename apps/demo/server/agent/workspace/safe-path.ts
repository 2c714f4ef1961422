import { WorkspaceError } from './errors.ts';

const MAX_PATH_LENGTH = 1_024;

/**
 * Checks a path that came from outside and gives it in its plain form: relative to the folder, with `/`, without `.` and `..`,
 * empty for the folder itself. Looks only at the text: where links lead is checked when the path is resolved.
 */
export function toRelativePath(path: string): string {
  if (path.length > MAX_PATH_LENGTH) throw new WorkspaceError('INVALID_PATH', 'That path is too long.');
  if (path.includes('\0')) throw new WorkspaceError('INVALID_PATH', 'A path cannot contain a NUL byte.');
  if (path.includes('\\'))
    throw new WorkspaceError('INVALID_PATH', 'A path is written with forward slashes, relative to the folder.');
  if (path.startsWith('/') || path.startsWith('~') || /^[a-z]:/i.test(path))
    throw new WorkspaceError('OUTSIDE', 'Only paths relative to the folder can be used, not absolute ones.');
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..'))
    throw new WorkspaceError('OUTSIDE', 'A path cannot contain "..": nothing outside of the folder can be read.');
  return segments.join('/');
}
