import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WebSocketError } from '@ws/types';
import { weaknessOf, type Settings } from '../settings/index.ts';

type SecretPlace = Pick<Settings, 'developmentSecretFile' | 'log'>;

/**
 * Path of the file that holds the secret of development tokens: the one that was named, else one beside the log's file, so that a page
 * that is open stays signed in while the server is restarted. `undefined`: the log has no file, and the secret is this process's own.
 */
export function developmentSecretPath({ developmentSecretFile, log }: SecretPlace): string | undefined {
  if (developmentSecretFile !== undefined) return developmentSecretFile;
  return log.kind === 'sqlite' ? join(dirname(log.path), 'development-secret') : undefined;
}

/**
 * The secret of development tokens. The first process that asks makes the file, and every process reads the same secret.
 *
 * @throws `INVALID_OPTION` for a file that cannot be used
 */
export function developmentSecret(place: SecretPlace): string {
  const path = developmentSecretPath(place);
  if (path === undefined) return freshSecret();
  try {
    const secret = (readIfThere(path) ?? make(path)).trim();
    const weakness = weaknessOf(secret);
    if (weakness !== undefined) throw new Error(`the secret in it ${weakness}: delete the file, and another is made`);
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
