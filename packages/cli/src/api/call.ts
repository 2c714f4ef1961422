import { Failure } from '../failure.ts';
import type { ServerOptions } from '../server-options.ts';

/** What the HTTP API says is wrong: `application/problem+json`, or the body of the first version. */
interface Refusal {
  readonly code?: string;
  readonly detail?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** The service answered, and said no. */
export class Refused extends Failure {
  /** Whether it will say so again: of 4xx all but those that mean "later", and what no server of ours says. */
  readonly isFinal: boolean;

  constructor(message: string, status: number) {
    super(message);
    this.isFinal = status === 501 || (status < 500 && ![408, 425, 429].includes(status));
  }
}

/**
 * Calls the HTTP API of the service. With a body it posts.
 *
 * @throws `Failure` with a sentence: what the service said, or that it does not answer
 */
export async function call({ url, key }: ServerOptions, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new Failure(`${url} does not answer: ${reasonOf(error)}`);
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const said = refusalIn(text) ?? `that is no answer of the service. Is ${url} its address?`;
  throw new Refused(`${path} was refused with ${response.status}: ${said}`, response.status);
}

/** Why a connection failed, as far as Node tells. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  // Several addresses were tried: the message is empty, the code says it.
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}

/** What the service says in a refusal. `undefined`: a proxy has answered, or another program. */
export function refusalIn(text: string): string | undefined {
  try {
    const { code, detail, error } = JSON.parse(text) as Refusal;
    const said = error?.message ?? detail;
    return said === undefined ? undefined : `${said} (${error?.code ?? code})`;
  } catch {
    return undefined;
  }
}
