import type { JwtOptions } from '@ws/server';
import { JWT_ALGORITHMS } from '@ws/server/process';
import { WebSocketError } from '@ws/types';
import type { SettingValues } from './table/settings-table.ts';

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

/** What the settings say of tokens. Throws `INVALID_OPTION`. */
export function jwtSetting(values: SettingValues): JwtSetting {
  const keys = keysOf(values);
  return {
    keys,
    algorithms: algorithmsOf(values, keys),
    issuers: values.WS_JWT_ISSUER,
    audiences: values.WS_JWT_AUDIENCE,
    clockToleranceMs: values.WS_JWT_CLOCK_TOLERANCE_MS,
  };
}

function keysOf({ WS_JWT_SECRET, WS_JWT_SECRET_FILE, WS_JWKS_URL }: SettingValues): JwtKeys | undefined {
  const given = Object.entries({ WS_JWT_SECRET, WS_JWT_SECRET_FILE, WS_JWKS_URL }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (given.length > 1) {
    throw new WebSocketError('INVALID_OPTION', `${given.join(' and ')} are both set: choose one`);
  }
  if (WS_JWKS_URL !== undefined) return { jwksUrl: WS_JWKS_URL };
  if (WS_JWT_SECRET_FILE !== undefined) return { secretFile: WS_JWT_SECRET_FILE };
  return WS_JWT_SECRET === undefined ? undefined : { secret: WS_JWT_SECRET };
}

function algorithmsOf({ WS_JWT_ALGORITHMS }: SettingValues, keys: JwtKeys | undefined): readonly string[] {
  const { secret, jwks } = JWT_ALGORITHMS;
  const [allowed, usual]: readonly (readonly string[])[] =
    keys?.jwksUrl === undefined ? [secret, ['HS256']] : [jwks, jwks];
  if (WS_JWT_ALGORITHMS === undefined) return usual ?? [];
  if (WS_JWT_ALGORITHMS.every((one) => allowed?.includes(one))) return WS_JWT_ALGORITHMS;
  const message = `WS_JWT_ALGORITHMS must be some of ${allowed?.join(', ')}, separated by commas`;
  throw new WebSocketError('INVALID_OPTION', message);
}
