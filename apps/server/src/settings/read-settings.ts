import { DEVELOPMENT_API_KEY } from '@ws/server/process';
import { WebSocketError } from '@ws/types';
import { agentSetting } from './agent-setting.ts';
import { developmentSetting } from './development-setting.ts';
import { readValues, type Environment } from './environment.ts';
import { assertFitForProduction } from './fit-for-production.ts';
import { hubSettings } from './hub-settings.ts';
import { jwtSetting } from './jwt-setting.ts';
import { limitSettings } from './limit-settings.ts';
import { logSetting } from './log-setting.ts';
import type { Settings } from './settings.ts';
import { tlsSetting } from './tls-setting.ts';

export interface ReadOptions {
  /** Whether the service is given an `authenticate` of its own, and needs no keys for tokens. @default false */
  readonly ownAuthentication?: boolean;
}

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 *
 * @throws `INVALID_OPTION` with a sentence that names the variable and what it takes
 */
export function readSettings(env: Environment, { ownAuthentication = false }: ReadOptions = {}): Settings {
  const values = readValues(env);
  // First: nothing else matters beside it.
  const development = developmentSetting(values, env);
  const settings: Settings = {
    host: values.WS_HOST,
    port: values.WS_PORT,
    workers: values.WS_WORKERS,
    tls: tlsSetting(values),
    log: logSetting(values),
    jwt: jwtSetting(values),
    apiKey: values.WS_API_KEY ?? '',
    apiKeysFile: values.WS_API_KEYS_FILE,
    ticketConnectionMs: values.WS_TICKET_CONNECTION_MS,
    trustedProxies: values.WS_TRUSTED_PROXIES,
    allowedOrigins: values.WS_ALLOWED_ORIGINS,
    ...development,
    pageFolder: values.WS_PAGE_FOLDER,
    agent: agentSetting(values),
    logLevel: values.WS_LOG_LEVEL,
    drainMs: values.WS_DRAIN_MS,
    inspector: values.WS_INSPECTOR === 'on',
    hub: hubSettings(values),
    limits: limitSettings(values),
  };
  if (settings.workers > 1 && settings.log.kind === 'memory') {
    throw new WebSocketError(
      'INVALID_OPTION',
      'WS_WORKERS above 1 needs a log that processes share: set WS_LOG_URL to sqlite:PATH, redis://… or nats://…',
    );
  }
  if (settings.development) return { ...settings, apiKey: DEVELOPMENT_API_KEY };
  assertFitForProduction(settings, values.NODE_ENV === 'production', ownAuthentication);
  return settings;
}
