import { dirname, join } from 'node:path';
import { WebSocketError } from '@ws/types';
import type { Environment } from './environment.ts';
import type { LogSetting } from './log-setting.ts';
import { productionSettings } from './production-settings.ts';
import type { SettingValues } from './table/settings-table.ts';

export interface DevelopmentSetting {
  /** Development tokens, the known API key. Never inferred: only where WS_DEVELOPMENT says so. */
  readonly development: boolean;
  /** Path of the file with the secret that the processes of one development set-up share; it is made where it is missing. */
  readonly developmentSecretFile: string | undefined;
}

/**
 * Whether the service runs in development mode.
 *
 * @param env - looked at for settings of production
 * @throws `INVALID_OPTION` for development mode beside any setting of production, naming those that are set
 */
export function developmentSetting(values: SettingValues, env: Environment): DevelopmentSetting {
  const development = values.WS_DEVELOPMENT === 'on';
  const developmentSecretFile = values.WS_DEVELOPMENT_SECRET_FILE;
  if (!development && developmentSecretFile !== undefined) {
    throw new WebSocketError('INVALID_OPTION', 'WS_DEVELOPMENT_SECRET_FILE is used with WS_DEVELOPMENT=on only');
  }
  const conflicts = development ? productionSettings(env) : [];
  if (conflicts.length === 0) return { development, developmentSecretFile };
  throw new WebSocketError(
    'INVALID_OPTION',
    `WS_DEVELOPMENT=on gives every caller a token for any user, so it cannot be combined with ${conflicts.join(' or ')}: ` +
      'unset WS_DEVELOPMENT, or unset these to try the service on this machine alone',
  );
}

/**
 * Path of the file that holds the secret of development tokens: the one that was named, else one beside the log's file, so that a page
 * that is open stays signed in while the server is restarted. `undefined`: the log has no file, and the secret is this process's own.
 */
export function developmentSecretPath({
  developmentSecretFile,
  log,
}: Pick<DevelopmentSetting, 'developmentSecretFile'> & { readonly log: LogSetting }): string | undefined {
  if (developmentSecretFile !== undefined) return developmentSecretFile;
  return log.kind === 'sqlite' ? join(dirname(log.path), 'development-secret') : undefined;
}
