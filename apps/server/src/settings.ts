import { isIP } from 'node:net';
import { WebSocketError } from '@ws/types';
import * as v from 'valibot';

/** Everything the service can be told, after its check. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly log: LogSetting;
  readonly jwt: JwtSetting | undefined;
  readonly apiKey: string;
  /** Origins allowed besides the server's own; `*` allows any. */
  readonly allowedOrigins: readonly string[];
  /** Development tokens, the known API key: only on a loopback address, never with NODE_ENV=production. */
  readonly development: boolean;
  readonly logLevel: LogLevel;
  readonly heartbeatMs: number | undefined;
  readonly runLeaseMs: number | undefined;
  readonly publisherLeaseMs: number | undefined;
  readonly coalesceMs: number | undefined;
  readonly maxConnectionsPerUser: number | undefined;
}

export type LogSetting =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'redis'; readonly url: string };

export type JwtSetting =
  { readonly kind: 'secret'; readonly secret: string } | { readonly kind: 'jwks'; readonly url: URL };

export type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** The API key of development mode: known to everyone, good on a loopback address only. */
export const DEVELOPMENT_API_KEY = 'dev-key';

const MIN_SECRET_LENGTH = 32;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 *
 * @throws `INVALID_OPTION` with a sentence that names the variable and what it takes
 */
export function readSettings(env: Environment): Settings {
  const read = <Value>(name: string, schema: v.GenericSchema<string, Value>, expected: string): Value | undefined => {
    const text = env[name];
    if (text === undefined || text === '') return undefined;
    const result = v.safeParse(schema, text);
    if (result.success) return result.output;
    throw new WebSocketError('INVALID_OPTION', `${name} must be ${expected}`);
  };
  const host = read('WS_HOST', hostSchema, 'an IP address or a host name') ?? '127.0.0.1';
  const isLoopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  const isProduction = env['NODE_ENV'] === 'production';
  const development = isLoopback && !isProduction;
  const count = (name: string, min = 1) =>
    read(name, wholeNumber(min, 2 ** 31 - 1), `a whole number of at least ${min}`);

  const settings: Settings = {
    host,
    port: read('WS_PORT', wholeNumber(0, 65_535), 'a port number from 0 to 65535') ?? 8080,
    log: readLogUrl(env['WS_LOG_URL']),
    jwt: readJwt(env, read('WS_JWKS_URL', httpUrl, 'an http or https URL')),
    apiKey: read('WS_API_KEY', visibleText, 'visible ASCII characters without blanks') ?? '',
    allowedOrigins:
      read('WS_ALLOWED_ORIGINS', origins, 'origins like https://app.example.com, separated by commas') ?? [],
    development,
    logLevel: read('WS_LOG_LEVEL', v.picklist(LOG_LEVELS), `one of ${LOG_LEVELS.join(', ')}`) ?? 'warn',
    heartbeatMs: count('WS_HEARTBEAT_MS'),
    runLeaseMs: count('WS_RUN_LEASE_MS'),
    publisherLeaseMs: count('WS_PUBLISHER_LEASE_MS'),
    coalesceMs: read('WS_COALESCE_MS', wholeNumber(0, 100), 'a whole number from 0 to 100'),
    maxConnectionsPerUser: count('WS_MAX_CONNECTIONS_PER_USER'),
  };
  if (!development) assertFitForProduction(settings, isProduction);
  return settings.apiKey === '' && development ? { ...settings, apiKey: DEVELOPMENT_API_KEY } : settings;
}

/** What is fine on one's own machine and nowhere else is refused before the service starts. */
function assertFitForProduction({ host, jwt, apiKey, allowedOrigins }: Settings, isProduction: boolean): void {
  const why = isProduction ? 'with NODE_ENV=production' : `on ${host}, which others can reach`;
  const refuse = (message: string): never => {
    throw new WebSocketError('INVALID_OPTION', message);
  };
  if (jwt === undefined) refuse(`WS_JWT_SECRET or WS_JWKS_URL must be set ${why}`);
  if (jwt?.kind === 'secret' && jwt.secret.length < MIN_SECRET_LENGTH) {
    refuse(`WS_JWT_SECRET must have at least ${MIN_SECRET_LENGTH} characters ${why}`);
  }
  if (apiKey === '') refuse(`WS_API_KEY must be set ${why}`);
  if (apiKey === DEVELOPMENT_API_KEY) refuse(`WS_API_KEY must not be the development key ${why}`);
  if (allowedOrigins.includes('*')) refuse(`WS_ALLOWED_ORIGINS must not be * ${why}`);
}

function readLogUrl(text: string | undefined): LogSetting {
  const url = text === undefined || text === '' ? 'sqlite:./data/events.db' : text;
  if (url === 'memory:') return { kind: 'memory' };
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    if (path !== '') return { kind: 'sqlite', path };
  }
  if (/^rediss?:\/\//.test(url) && URL.canParse(url) && new URL(url).hostname !== '') return { kind: 'redis', url };
  const message =
    'WS_LOG_URL must be memory:, sqlite:PATH (for example sqlite:./data/events.db) or a URL like redis://localhost:6379';
  throw new WebSocketError('INVALID_OPTION', message);
}

function readJwt(env: Environment, jwksUrl: URL | undefined): JwtSetting | undefined {
  const secret = env['WS_JWT_SECRET'];
  const hasSecret = secret !== undefined && secret !== '';
  if (hasSecret && jwksUrl !== undefined) {
    throw new WebSocketError('INVALID_OPTION', 'WS_JWT_SECRET and WS_JWKS_URL are both set: choose one');
  }
  if (jwksUrl !== undefined) return { kind: 'jwks', url: jwksUrl };
  return hasSecret ? { kind: 'secret', secret } : undefined;
}

const hostSchema = v.pipe(
  v.string(),
  v.check((text) => isIP(text) !== 0 || /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text)),
);

const visibleText = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));

const httpUrl: v.GenericSchema<string, URL> = v.pipe(
  v.string(),
  v.check((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)),
  v.transform((text) => new URL(text)),
);

const origins: v.GenericSchema<string, readonly string[]> = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((origin) => origin.trim())),
  v.array(
    v.pipe(
      v.string(),
      v.check((text) => text === '*' || (URL.canParse(text) && new URL(text).origin === text)),
    ),
  ),
);

function wholeNumber(min: number, max: number): v.GenericSchema<string, number> {
  return v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number), v.number(), v.minValue(min), v.maxValue(max));
}
