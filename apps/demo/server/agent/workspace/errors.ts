type WorkspaceErrorCode =
  | 'INVALID_PATH'
  | 'INVALID_PATTERN'
  | 'OUTSIDE'
  | 'NOT_FOUND'
  | 'NOT_A_FILE'
  | 'NOT_A_FOLDER'
  | 'OFF_LIMITS'
  | 'TOO_LARGE'
  | 'BINARY'
  | 'UNREADABLE';

/** Why something in the folder was refused. Its message never names a path above the folder. */
export class WorkspaceError extends Error {
  readonly code: WorkspaceErrorCode;

  constructor(code: WorkspaceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkspaceError';
    this.code = code;
  }
}

/** Turns an error of the file system into one that names the path as the caller wrote it, not where the folder lies. */
export function fromFileSystem(error: unknown, path: string): WorkspaceError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new WorkspaceError('NOT_FOUND', `There is no "${path}" in this folder.`);
  if (code === 'ENAMETOOLONG') return new WorkspaceError('INVALID_PATH', 'That path is too long.');
  if (code === 'EISDIR') return new WorkspaceError('NOT_A_FILE', `"${path}" is a folder, not a file.`);
  const reason = typeof code === 'string' ? ` (${code})` : '';
  return new WorkspaceError('UNREADABLE', `"${path}" cannot be read${reason}.`);
}
