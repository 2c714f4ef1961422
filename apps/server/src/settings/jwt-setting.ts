import type { JwtOptions } from '@ws/server';
import { JWT_ALGORITHMS } from '@ws/server/process';
import { WebSocketError } from '@ws/types';
import * as v from 'valibot';
import type { EnvironmentReader } from './environment.ts';
import { httpUrlSchema, textListSchema } from './text-schemas.ts';

/** What checks the tokens of users. */
export interface JwtSetting {
  /** Absent: development mode signs and checks with a secret of its own, or the service is given an authenticator. */
  readonly keys: JwtKeys | undefined;
  /** Signature algorithms that are taken. */
  readonly algorithms: readonly string[];
  /** Issuers that are taken (claim `iss`); empty: any. */
  readonly issuers: readonly string[];
  /** Audiences this service is (claim `aud`); empty: any. */
  readonly audiences: readonly string[];
  /** By how much the clocks of this machine and of the issuer may differ, in milliseconds. */
  readonly clockToleranceMs: number;
}

/** Where the keys come from, in the words of `jwt` of @ws/server. */
type JwtKeys = Pick<JwtOptions, 'secret' | 'secretFile' | 'jwksUrl'>;

/** Reads the settings of tokens. Throws `INVALID_OPTION`. */
export function readJwtSetting(env: EnvironmentReader): JwtSetting {
  const keys = readKeys(env);
  return {
    keys,
    algorithms: readAlgorithms(env, keys),
    issuers: env.read('WS_JWT_ISSUER', textListSchema, 'issuers of tokens, separated by commas') ?? [],
    audiences: env.read('WS_JWT_AUDIENCE', textListSchema, 'audiences of tokens, separated by commas') ?? [],
    clockToleranceMs: env.count('WS_JWT_CLOCK_TOLERANCE_MS', 0, 300_000) ?? 5_000,
  };
}

function readKeys(env: EnvironmentReader): JwtKeys | undefined {
  const url = env.read('WS_JWKS_URL', httpUrlSchema, 'an http or https URL');
  const path = env.text('WS_JWT_SECRET_FILE');
  const secret = env.text('WS_JWT_SECRET');
  const given = [
    ...(secret === undefined ? [] : ['WS_JWT_SECRET']),
    ...(path === undefined ? [] : ['WS_JWT_SECRET_FILE']),
    ...(url === undefined ? [] : ['WS_JWKS_URL']),
  ];
  if (given.length > 1) {
    throw new WebSocketError('INVALID_OPTION', `${given.join(' and ')} are both set: choose one`);
  }
  if (url !== undefined) return { jwksUrl: url };
  if (path !== undefined) return { secretFile: path };
  return secret === undefined ? undefined : { secret };
}

function readAlgorithms(env: EnvironmentReader, keys: JwtKeys | undefined): readonly string[] {
  const { secret, jwks } = JWT_ALGORITHMS;
  const [allowed, usual] = keys?.jwksUrl === undefined ? [secret, ['HS256']] : [jwks, jwks];
  const schema = v.pipe(textListSchema, v.array(v.picklist(allowed)));
  return env.read('WS_JWT_ALGORITHMS', schema, `some of ${allowed.join(', ')}, separated by commas`) ?? usual;
}
