import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogSetting } from '../settings/index.ts';

/**
 * The secret of development tokens. Kept beside the log's file, so that a page that is open stays signed in while the server is
 * restarted; made anew where the log has no file.
 */
export function developmentSecret(log: LogSetting): string {
  if (log.kind !== 'sqlite') return freshSecret();
  const path = join(dirname(log.path), 'development-secret');
  try {
    return readFileSync(path, 'utf8').trim() || freshSecret();
  } catch {
    // Not there yet, or not readable: write one below, which says what is wrong if it can't.
  }
  const secret = freshSecret();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  return secret;
}

function freshSecret(): string {
  return randomBytes(32).toString('base64url');
}
