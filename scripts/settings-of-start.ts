import { productionSettings } from '../apps/server/src/settings/production-settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What `pnpm start` and `pnpm start:cluster` set beside what is set already: development mode, where nothing of production is set. The
 * service itself infers nothing.
 */
export function settingsOfStart(env: Environment): Record<string, string> {
  const isForTrying = productionSettings(env).length === 0;
  return env['WS_DEVELOPMENT'] || !isForTrying ? {} : { WS_DEVELOPMENT: 'on' };
}
