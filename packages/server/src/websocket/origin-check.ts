import proxyAddr from '@fastify/proxy-addr';
import type { Caller } from '../http/caller.ts';

/** Origins of pages that may connect besides the server's own; `*` is any. */
export type AllowedOrigins = readonly (string | RegExp)[];

/** What browsers say in `Sec-Fetch-Site` of requests that no page of another site has caused. */
const OWN_REQUESTS: ReadonlySet<unknown> = new Set(['same-origin', 'none']);

/**
 * Whether the page that sent a request may do so. A browser leaves `Origin` out where a page embeds something or links to it, and says
 * in `Sec-Fetch-Site` whether the page is of another site: what it does not name can't be allowed by name. A request without either
 * header does not come from a page.
 */
export type OriginCheck = (request: Caller) => boolean;

/**
 * Lets pages of the server's own origin pass, and those of `allowed`. The own origin is that of the `Host` header. Its scheme is known
 * where this process ends TLS, or a trusted proxy says it in `X-Forwarded-Proto`: a page of `http://` is then none of an `https` server.
 * Where it is not known, both schemes are the own.
 *
 * @param trusted - addresses and ranges of proxies (`10.0.0.0/8`, `loopback`, `linklocal`, `uniquelocal`)
 */
export function originCheck(allowed: AllowedOrigins, trusted: readonly string[]): OriginCheck {
  const isTrusted = proxyAddr.compile([...trusted]);
  return (request) => {
    const { origin, host } = request.headers;
    if (allowed.includes('*')) return true;
    if (origin === undefined) {
      const site = request.headers['sec-fetch-site'];
      return site === undefined || OWN_REQUESTS.has(site);
    }
    if (allowed.some((one) => (typeof one === 'string' ? one === origin : one.test(origin)))) return true;
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    const scheme = knownScheme(request, isTrusted) ?? page.protocol;
    // Parsed, so that a port that is the scheme's own is left out on both sides, and letters are small.
    const own = `${scheme}//${host ?? ''}`;
    return page.origin !== 'null' && URL.canParse(own) && new URL(own).origin === page.origin;
  };
}

/** The scheme of a request's address, `http:` or `https:`; `undefined` where this process can't tell. */
function knownScheme(
  { headers, socket }: Caller,
  isTrusted: (address: string, hop: number) => boolean,
): string | undefined {
  if ('encrypted' in socket) return 'https:';
  const said = headers['x-forwarded-proto'];
  if (typeof said !== 'string' || socket.remoteAddress === undefined) return undefined;
  if (!isTrusted(socket.remoteAddress, 0)) return undefined;
  const scheme = said.split(',')[0]?.trim().toLowerCase();
  return scheme === 'https' || scheme === 'http' ? `${scheme}:` : undefined;
}

/** `https://*.example.com`: any one label in place of the star. */
const WILDCARD = /^(https?:\/\/)\*(\.[^*]+)$/;

/** Whether a text is an origin, `*`, or an origin whose first label is `*`. */
export function isOriginPattern(text: string): boolean {
  if (text === '*') return true;
  const plain = WILDCARD.test(text) ? text.replace('*', 'any') : text;
  return !plain.includes('*') && URL.canParse(plain) && new URL(plain).origin === plain;
}

/** What to compare origins with: a text, or an expression for one with a star. */
export function toAllowedOrigin(pattern: string): string | RegExp {
  const [, scheme, rest] = WILDCARD.exec(pattern) ?? [];
  if (scheme === undefined || rest === undefined) return pattern;
  // A checked origin holds no other character that means something in an expression.
  return new RegExp(`^${scheme}[^./:@]+${rest.replaceAll('.', '\\.')}$`);
}
