import type { EventLog, HubOptions, TypedHubOptions } from '@ws/core';
import { nearestName, WebSocketError } from '@ws/types';
import type { Logger } from 'pino';
import type { AgentElsewhere } from './agent/agent-elsewhere.ts';
import type { Authenticator } from './auth/authenticator.ts';
import { MIN_SECRET_LENGTH, weaknessOf } from './auth/secret-strength.ts';
import type { TokenRules } from './auth/token-verifier.ts';
import { hubLimits, requestLimits, type RequestLimits, type ServerLimits } from './limits/server-limits.ts';
import type { GatherMetrics } from './observe/metrics-snapshot.ts';
import { isAddressRange } from './http/client-address.ts';
import { isOriginPattern } from './websocket/origin-check.ts';

/** Options of the hub that an application sets: the server sets the others itself. */
type HubOptionNames =
  | ('authorization' | 'onUserMessage' | 'events' | 'retention' | 'outage' | 'tuning')
  | ('onModeChange' | 'onUnwrittenRevocation' | 'clock' | 'ids');

/** What a server is made of. */
export interface ServerOptions extends Pick<HubOptions, HubOptionNames> {
  /** Where events live. The server takes the log over: `close` closes it. */
  readonly log: EventLog;
  /**
   * Says who a user is: one authenticator, or several that are called in order until one answers. A ticket of `POST /v1/tickets` is always
   * accepted. Leave it out in development mode only.
   */
  readonly authenticate?: Authenticator | readonly Authenticator[];
  /**
   * An agent that lives in another process, in place of `onUserMessage`: {@link webhook} calls it, and an {@link inbox} lets it fetch what
   * users say, cancel and decide.
   */
  readonly agent?: AgentElsewhere;
  /** Keys of back ends that publish, read and administer over HTTP. @default none: such calls are refused */
  readonly apiKeys?: ApiKeyOptions;
  /** Origins of pages that may call besides the server's own: `https://app.example.com`, `https://*.example.com`. @default none */
  readonly allowedOrigins?: readonly string[];
  /** Proxies whose `X-Forwarded-…` headers are taken: addresses, ranges (`10.0.0.0/8`), `loopback`, `uniquelocal`. @default none */
  readonly trustedProxies?: readonly string[];
  /** How long a connection lives that was opened with a ticket which names no end, in milliseconds. @default 3_600_000 */
  readonly ticketConnectionMs?: number;
  /** How much addresses, users, connections, messages, HTTP calls and API keys may be. */
  readonly limits?: ServerLimits;
  /** Takes log lines; secrets are left out of them before. @default JSON lines on standard error, from level `warn` on */
  readonly logger?: Logger;
  /** To try it on one's own machine: every program there is any user. Refused beside `authenticate` and `apiKeys`. @default false */
  readonly development?: boolean | DevelopmentOptions;
  /** What `/metrics` shows where this process is one of several. @default the metrics of this process */
  readonly gatherMetrics?: GatherMetrics;
  /** What `/debug/state` shows administrators as the settings of this process: never a secret. @default nothing */
  readonly shownSettings?: Readonly<Record<string, string>>;
}

/** Options of a server of the events of one program: the manager that `onUserMessage` gets is typed, too. */
export type TypedServerOptions<Events> = Omit<ServerOptions, 'onUserMessage'> &
  Pick<TypedHubOptions<Events>, 'onUserMessage'>;

export interface ApiKeyOptions {
  /** A key that may do everything, in clear; at least 32 random characters. */
  readonly key?: string;
  /** Path of a file with digests of keys and what each may do (`ws key`); it is read again when it changes. */
  readonly file?: string;
}

export interface DevelopmentOptions {
  /** Path of the file with the secret of development tokens; made where it is missing. @default a secret of this process alone */
  readonly secretFile?: string;
  /** What development tokens carry, and what is asked of them. @default HS256, any issuer and audience */
  readonly tokens?: Partial<TokenRules>;
}

const HUB_NAMES = {
  authorization: true,
  onUserMessage: true,
  events: true,
  retention: true,
  outage: true,
  tuning: true,
  onModeChange: true,
  onUnwrittenRevocation: true,
  clock: true,
  ids: true,
} as const satisfies Readonly<Record<HubOptionNames, true>>;

const HUB_OPTIONS: ReadonlySet<string> = new Set(Object.keys(HUB_NAMES));

const NAMES = {
  ...HUB_NAMES,
  log: true,
  authenticate: true,
  agent: true,
  apiKeys: true,
  allowedOrigins: true,
  trustedProxies: true,
  ticketConnectionMs: true,
  limits: true,
  logger: true,
  development: true,
  gatherMetrics: true,
  shownSettings: true,
} as const satisfies Readonly<Record<keyof ServerOptions, true>>;

/** Options whose defaults are filled in. */
export interface ResolvedServerOptions extends Pick<
  ServerOptions,
  'log' | 'agent' | 'gatherMetrics' | 'shownSettings' | 'logger'
> {
  readonly authenticators: readonly Authenticator[];
  readonly apiKeys: ApiKeyOptions;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly ticketConnectionMs: number;
  readonly limits: RequestLimits;
  /** What the hub is given as it is. */
  readonly hub: Pick<HubOptions, HubOptionNames | 'limits'>;
  /** Absent: not in development mode. */
  readonly development: DevelopmentOptions | undefined;
}

const HOUR_MS = 3_600_000;

/** Fills in defaults. Throws `INVALID_OPTION`, naming the option that cannot be. */
export function resolveServerOptions(options: ServerOptions): ResolvedServerOptions {
  refuseUnknown(options);
  const { authenticate, apiKeys = {}, development = false, ticketConnectionMs = HOUR_MS } = options;
  const authenticators = authenticate === undefined ? [] : [authenticate].flat();
  const isDevelopment = development !== false;
  if (typeof options.log?.append !== 'function') refuse('log', 'must be an event log, for example openSqliteLog(…)');
  if (isDevelopment && (authenticators.length > 0 || apiKeys.key !== undefined || apiKeys.file !== undefined)) {
    refuse('development', 'leave out authenticate and apiKeys: in development mode every caller can act as any user');
  }
  if (!isDevelopment && authenticators.length === 0) {
    refuse('authenticate', 'must say who users are, for example jwt({ secret }); development: true is for one machine');
  }
  if (options.agent !== undefined && options.onUserMessage !== undefined) {
    refuse('agent', 'leave out onUserMessage, or agent: one agent answers messages');
  }
  if (options.agent !== undefined && typeof (options.agent as Partial<AgentElsewhere> | null)?.open !== 'function') {
    refuse('agent', 'must be webhook({ url, secret }) or inbox()');
  }
  const weakness = apiKeys.key === undefined ? undefined : weaknessOf(apiKeys.key);
  if (weakness !== undefined) {
    refuse('apiKeys.key', `must have at least ${MIN_SECRET_LENGTH} random characters: this one ${weakness}`);
  }
  if (!Number.isSafeInteger(ticketConnectionMs) || ticketConnectionMs < 1_000) {
    refuse('ticketConnectionMs', `must be an integer of milliseconds, at least 1000, got ${ticketConnectionMs}`);
  }
  const { allowedOrigins = [], trustedProxies = [] } = options;
  for (const origin of allowedOrigins) {
    if (!isOriginPattern(origin)) refuse('allowedOrigins', `'${origin}' is not an origin like https://app.example.com`);
  }
  for (const range of trustedProxies) {
    if (!isAddressRange(range)) refuse('trustedProxies', `'${range}' is not an address or range like 10.0.0.0/8`);
  }
  return {
    ...options,
    authenticators,
    apiKeys,
    allowedOrigins,
    trustedProxies,
    ticketConnectionMs,
    limits: requestLimits(options.limits),
    hub: {
      ...Object.fromEntries(Object.entries(options).filter(([name]) => HUB_OPTIONS.has(name))),
      limits: hubLimits(options.limits),
    },
    development: isDevelopment ? (development === true ? {} : development) : undefined,
  };
}

/** Refuses unknown options: a mistyped one would silently keep its default. */
function refuseUnknown(options: ServerOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name));
  if (unknown === undefined) return;
  const meant = nearestName(unknown, Object.keys(NAMES));
  refuse(unknown, meant === undefined ? 'createServer has no such option' : `did you mean ${meant}?`);
}

function refuse(option: string, why: string): never {
  throw new WebSocketError('INVALID_OPTION', `server option ${option}: ${why}`);
}
