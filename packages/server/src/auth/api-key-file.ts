import { isId } from '@ws/types';
import * as v from 'valibot';
import type { ListFormat } from './reloaded-file.ts';

/** What an API key may do: publish events, read users' streams, fetch what users say to agents, or everything. */
export type Scope = (typeof SCOPES)[number];

/** A key as the service knows it: never the key, only its digest. */
export interface ApiKey {
  /** Names the key in logs and limits. */
  readonly id: string;
  /** SHA-256 of the key. */
  readonly digest: Buffer;
  readonly scopes: readonly Scope[];
  /** Milliseconds since 1970. Absent: it does not expire. */
  readonly expiresAt?: number;
}

const SCOPES = ['publish', 'read', 'inbox', 'admin'] as const;

const fileSchema = v.strictObject({
  keys: v.pipe(
    v.array(
      v.strictObject({
        id: v.custom<string>(isId, 'must be a name without blanks'),
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')),
        scopes: v.pipe(
          v.array(v.picklist(SCOPES, `must be ${SCOPES.join(', ')}`)),
          v.minLength(1, 'must not be empty'),
        ),
        expires_at: v.exactOptional(v.pipe(v.string(), v.isoTimestamp('must be a time like 2027-01-31T00:00:00Z'))),
      }),
    ),
    v.check((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must not name two keys alike'),
  ),
});

/** A file of API keys. */
export const API_KEY_FILE: ListFormat<ApiKey> = {
  parse: parseApiKeys,
  emptyMessage: 'field keys: must hold at least one key',
};

/** Throws an `Error` that names the field that is wrong. */
function parseApiKeys(text: string): readonly ApiKey[] {
  const result = v.safeParse(fileSchema, parseJson(text), { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw new Error(`field ${v.getDotPath(issue) ?? '(the file)'}: ${issue.message}`);
  }
  return result.output.keys.map(({ id, sha256, scopes, expires_at }) => ({
    id,
    digest: Buffer.from(sha256, 'hex'),
    scopes,
    ...(expires_at === undefined ? {} : { expiresAt: Date.parse(expires_at) }),
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error of JSON.parse repeats the text.
    throw new Error('it is not JSON');
  }
}
