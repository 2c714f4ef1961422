import type { HubSettings } from './hub-settings.ts';
import type { JwtSetting } from './jwt-setting.ts';
import type { LogLevel } from './log-level.ts';
import type { LogSetting } from './log-setting.ts';

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
  /** What the hub is told; what is absent has the default of the hub. */
  readonly hub: HubSettings;
}
