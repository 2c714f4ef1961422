import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WebSocketError } from '@ws/types';
import { weaknessOf } from './secret-strength.ts';

/**
 * The secret of development tokens. The first process that asks makes the file, and every process reads the same secret.
 *
 * @param path - of the file; without one the secret is this process's own
 * @throws `INVALID_OPTION` for a file that cannot be used
 */
export function developmentSecret(path: string | undefined): string {
  if (path === undefined) return freshSecret();
  try {
    const secret = (readIfThere(path) ?? make(path)).trim();
    const weakness = weaknessOf(secret);
    if (weakness !== undefined) throw new Error(`the secret in it ${weakness}: delete the file to get a new one`);
    return secret;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WebSocketError('INVALID_OPTION', `the development secret in ${path} cannot be used: ${why}`, {
      cause: error,
    });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A link is there with all of its text or not at all, and only the first process gets to set it. */
function make(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${freshSecret()}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function freshSecret(): string {
  return randomBytes(32).toString('base64url');
}
