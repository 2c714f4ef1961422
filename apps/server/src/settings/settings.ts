import type { TlsFiles } from '@ws/server';
import type { LogLevel, RequestLimits } from '@ws/server/process';
import type { AgentSetting } from './agent-setting.ts';
import type { DevelopmentSetting } from './development-setting.ts';
import type { hubSettings } from './hub-settings.ts';
import type { JwtSetting } from './jwt-setting.ts';
import type { LogSetting } from './log-setting.ts';

/** Everything the service can be told, after its check. */
export interface Settings extends DevelopmentSetting {
  readonly host: string;
  readonly port: number;
  /** Processes that share the port and the log. */
  readonly workers: number;
  /** Absent: plain HTTP, for a proxy before it or for one's own machine. */
  readonly tls: TlsFiles | undefined;
  readonly log: LogSetting;
  readonly jwt: JwtSetting;
  /** A key that may do everything, in clear. */
  readonly apiKey: string;
  /** Path of the file with the digests of further keys and what they may do. */
  readonly apiKeysFile: string | undefined;
  /** How long a connection lives that was opened with a ticket which names no expiry, in milliseconds. */
  readonly ticketConnectionMs: number;
  /** Proxies whose `X-Forwarded-For` is believed: addresses and ranges. */
  readonly trustedProxies: readonly string[];
  /** Origins allowed besides the server's own; `*` allows any. */
  readonly allowedOrigins: readonly string[];
  /** Folder of a built page, served at `/`. */
  readonly pageFolder: string | undefined;
  readonly agent: AgentSetting;
  readonly logLevel: LogLevel;
  /** Time that clients have to go elsewhere, and runs to end, when the service is stopped, in milliseconds. */
  readonly drainMs: number;
  /** Whether the inspector is served. */
  readonly inspector: boolean;
  /** What the hub is told: retention, limits, outage, tuning. */
  readonly hub: ReturnType<typeof hubSettings>;
  readonly limits: RequestLimits;
}
