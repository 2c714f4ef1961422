import { DEVELOPMENT_API_KEY, LOG_LEVELS } from '@ws/server/process';
import { WebSocketError } from '@ws/types';
import * as v from 'valibot';
import { readDevelopmentSetting } from './development-setting.ts';
import { EnvironmentReader, type Environment } from './environment.ts';
import { assertFitForProduction } from './fit-for-production.ts';
import { readHubSettings } from './hub-settings.ts';
import { readJwtSetting } from './jwt-setting.ts';
import { readLimitSettings } from './limit-settings.ts';
import { readLogSetting } from './log-setting.ts';
import type { Settings } from './settings.ts';
import { addressRangesSchema, hostSchema, originsSchema, visibleTextSchema, wholeNumber } from './text-schemas.ts';
import { readTlsSetting } from './tls-setting.ts';

const HOUR_MS = 3_600_000;

export interface ReadOptions {
  /** Whether the service is given an `authenticate` of its own, and needs no keys for tokens. @default false */
  readonly ownAuthentication?: boolean;
}

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 *
 * @throws `INVALID_OPTION` with a sentence that names the variable and what it takes
 */
export function readSettings(variables: Environment, { ownAuthentication = false }: ReadOptions = {}): Settings {
  const env = new EnvironmentReader(variables);
  const host = env.read('WS_HOST', hostSchema, 'an IP address or a host name') ?? '127.0.0.1';
  const isProduction = env.text('NODE_ENV') === 'production';
  const { development, developmentSecretFile } = readDevelopmentSetting(variables);

  const settings: Settings = {
    host,
    port: env.read('WS_PORT', wholeNumber(0, 65_535), 'a port number from 0 to 65535') ?? 8080,
    workers: env.read('WS_WORKERS', wholeNumber(1, 256), 'a whole number from 1 to 256') ?? 1,
    tls: readTlsSetting(env),
    log: readLogSetting(env),
    jwt: readJwtSetting(env),
    apiKey: env.read('WS_API_KEY', visibleTextSchema, 'visible ASCII characters without blanks') ?? '',
    apiKeysFile: env.text('WS_API_KEYS_FILE'),
    ticketConnectionMs: env.count('WS_TICKET_CONNECTION_MS', 1_000) ?? HOUR_MS,
    trustedProxies:
      env.read('WS_TRUSTED_PROXIES', addressRangesSchema, 'addresses or ranges like 10.0.0.0/8, separated by commas') ??
      [],
    allowedOrigins:
      env.read(
        'WS_ALLOWED_ORIGINS',
        originsSchema,
        'origins like https://app.example.com or https://*.example.com, separated by commas',
      ) ?? [],
    development,
    developmentSecretFile,
    demo: env.read('WS_DEMO', v.picklist(['on', 'off']), 'on or off') === 'on',
    logLevel: env.read('WS_LOG_LEVEL', v.picklist(LOG_LEVELS), `one of ${LOG_LEVELS.join(', ')}`) ?? 'warn',
    inspector: env.read('WS_INSPECTOR', v.picklist(['on', 'off']), 'on or off') !== 'off',
    hub: readHubSettings(env),
    limits: readLimitSettings(env),
  };
  if (settings.workers > 1 && settings.log.kind === 'memory') {
    throw new WebSocketError(
      'INVALID_OPTION',
      'WS_WORKERS above 1 needs a log that processes share: set WS_LOG_URL to sqlite:PATH, redis://… or nats://…',
    );
  }
  if (development) return { ...settings, apiKey: DEVELOPMENT_API_KEY };
  assertFitForProduction(settings, isProduction, ownAuthentication);
  return settings;
}
