import { WebSocketError } from '@ws/types';

const EXAMPLE = 'nats://localhost:4222 or tls://user:password@host:4222?replicas=3';

/** A server's address, checked, and who is asking. */
export interface NatsAddress {
  /** `host:port` of each server named. */
  readonly servers: readonly string[];
  readonly tls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
  /** What stands behind the question mark. */
  readonly query: string;
}

/**
 * Takes an address apart: one or more servers, separated by commas; a user without a password is a token. Throws
 * `INVALID_OPTION`, without the password.
 */
export function readAddress(url: string): NatsAddress {
  const at = url.indexOf('?');
  const names = at === -1 ? url : url.slice(0, at);
  const query = at === -1 ? '' : url.slice(at + 1);
  const [first = '', ...others] = names.split(',');
  const main = parse(first);
  const servers = [main, ...others.map((other) => parse(other.includes('://') ? other : `${main.protocol}//${other}`))];
  const user = decode(main.username);
  const password = decode(main.password);
  return {
    servers: servers.map(({ hostname, port }) => `${hostname}:${port === '' ? '4222' : port}`),
    tls: main.protocol === 'tls:',
    user: password === undefined ? undefined : user,
    password,
    token: password === undefined ? user : undefined,
    query,
  };
}

/** What may be shown of an address. */
export function placeOf({ servers, tls }: NatsAddress): string {
  return `${tls ? 'tls' : 'nats'}://${servers.join(',')}`;
}

function parse(url: string): URL {
  if (/^(nats|tls):\/\//.test(url) && URL.canParse(url)) {
    const parsed = new URL(url);
    if (parsed.hostname !== '' && /^\/?$/.test(parsed.pathname) && parsed.hash === '') return parsed;
  }
  throw new WebSocketError('INVALID_OPTION', `url must look like ${EXAMPLE}`);
}

function decode(part: string): string | undefined {
  return part === '' ? undefined : decodeURIComponent(part);
}
