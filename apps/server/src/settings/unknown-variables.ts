import { nearestName } from '@ws/types';
import type { Environment } from './environment.ts';

/** Every variable that the service and its command read: those of the table of settings. */
export const VARIABLES: readonly string[] = [
  ...['WS_ALLOWED_ORIGINS', 'WS_API_KEY', 'WS_API_KEYS_FILE', 'WS_COALESCE_MS'],
  ...['WS_DEMO', 'WS_DEVELOPMENT', 'WS_DEVELOPMENT_SECRET_FILE', 'WS_HEARTBEAT_MS'],
  ...['WS_HELLO_TIMEOUT_MS', 'WS_HOST', 'WS_INSPECTOR', 'WS_INSPECTOR_FOLDER'],
  ...['WS_JWKS_URL', 'WS_JWT_ALGORITHMS', 'WS_JWT_AUDIENCE', 'WS_JWT_CLOCK_TOLERANCE_MS'],
  ...['WS_JWT_ISSUER', 'WS_JWT_SECRET', 'WS_JWT_SECRET_FILE', 'WS_LOG_LEVEL'],
  ...['WS_LOG_NEW_EPOCH', 'WS_LOG_URL', 'WS_MAX_APPROVAL_ARGS_BYTES', 'WS_MAX_BODY_BYTES'],
  ...['WS_MAX_BYTES_PER_SECOND', 'WS_MAX_BYTES_PER_SECOND_PER_USER'],
  ...[
    'WS_MAX_CONNECTIONS',
    'WS_MAX_CONNECTIONS_PER_ADDRESS',
    'WS_MAX_CONNECTIONS_PER_USER',
    'WS_MAX_FRAMES_PER_SECOND',
  ],
  ...[
    'WS_MAX_FRAMES_PER_SECOND_PER_USER',
    'WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY',
    'WS_MAX_HISTORY_BYTES_PER_SECOND_PER_USER',
    'WS_MAX_HISTORY_PAGES_PER_USER',
  ],
  ...['WS_MAX_JSON_DEPTH', 'WS_MAX_LAG_MS', 'WS_MAX_MESSAGE_BYTES', 'WS_MAX_OPEN_RUNS_PER_USER'],
  ...['WS_MAX_PUBLISH_BYTES_PER_SECOND', 'WS_MAX_PUBLISH_PER_SECOND', 'WS_MAX_UNAUTHENTICATED', 'WS_PAGE_FOLDER'],
  ...['WS_PORT', 'WS_PUBLISHER_LEASE_MS', 'WS_REQUEST_TIMEOUT_MS', 'WS_RUN_LEASE_MS'],
  ...['WS_TICKET_CONNECTION_MS', 'WS_TLS_CERT', 'WS_TLS_KEY', 'WS_TRUSTED_PROXIES'],
  ...['WS_URL', 'WS_WORKERS'],
];

/** What Kubernetes sets in every container for a Service that is called `ws`. */
const OF_KUBERNETES = /^WS_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/** Tells a variable that Kubernetes set from one of the same name that a person did: its port is an address. */
export function isOfKubernetes(name: string, value: string): boolean {
  return OF_KUBERNETES.test(name) && (name !== 'WS_PORT' || /^\w+:\/\//.test(value));
}

/**
 * Sentences about variables that begin with `WS_` and that nothing reads: a typing error would leave a setting at its default without a
 * word. They are no errors, because other programs may use the prefix as well.
 */
export function unknownVariables(env: Environment): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (!name.startsWith('WS_') || VARIABLES.includes(name) || isOfKubernetes(name, value)) return [];
    const meant = nearestName(name, VARIABLES);
    return `${name} is not a setting${meant === undefined ? ': it has no effect' : `: did you mean ${meant}?`}`;
  });
}
