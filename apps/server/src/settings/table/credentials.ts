import * as v from 'valibot';
import { httpUrlSchema, textListSchema, visibleTextSchema } from '../text-schemas.ts';
import { parsed, secret, text, whole } from '../setting.ts';

/** Who users and back ends are. */
export const CREDENTIALS = {
  WS_JWT_SECRET: secret(v.string(), 'a text', {
    meaning: "shared secret of the users' tokens (HS256), at least 32 random characters",
  }),
  WS_JWT_SECRET_FILE: text('a path', {
    meaning:
      'file with one secret per line, all of them good, instead of one secret; read again when it changes; emptied or deleted, no secret is good',
  }),
  WS_JWKS_URL: parsed(httpUrlSchema, 'an http or https URL', {
    meaning:
      "address of the keys that check the users' tokens, instead of a secret; cached, and fetched again when they rotate; `https` alone with `NODE_ENV=production`, elsewhere also `http` on a loopback address",
    fallback: undefined,
  }),
  WS_JWT_ISSUER: parsed(textListSchema, 'issuers of tokens, separated by commas', {
    meaning: 'issuers of tokens that are taken, separated by commas',
    fallback: [],
    otherwise: 'any',
  }),
  WS_JWT_AUDIENCE: parsed(textListSchema, 'audiences of tokens, separated by commas', {
    meaning: 'audiences of tokens that this service is, separated by commas',
    fallback: [],
    otherwise: 'any',
  }),
  WS_JWT_ALGORITHMS: parsed(textListSchema, 'signature algorithms, separated by commas', {
    meaning: 'signature algorithms that are taken, separated by commas',
    fallback: undefined,
    otherwise: '`HS256` with a secret, all asymmetric ones with a JWKS URL',
  }),
  WS_JWT_CLOCK_TOLERANCE_MS: whole({
    min: 0,
    max: 300_000,
    unit: 'ms',
    meaning: 'by how much the clock of the issuer may differ',
    fallback: 5_000,
  }),
  WS_API_KEY: secret(visibleTextSchema, 'visible ASCII characters without blanks', {
    meaning: 'key of back ends that may do everything, at least 32 random characters; it or a file of keys must be set',
    otherwise: '`dev-key` in development mode',
  }),
  WS_API_KEYS_FILE: text('a path', {
    meaning:
      'JSON file with the digests of further keys and what each may do (publish, read, inbox, admin); read again when it changes; emptied or deleted, none of its keys is good',
  }),
  WS_TICKET_CONNECTION_MS: whole({
    min: 1_000,
    unit: 'ms',
    meaning:
      'how long a connection lives that was opened with a ticket, where the ticket was not made with `connection_expires_at`',
    fallback: 3_600_000,
  }),
} as const;
