import { API_KEY } from './server-process.ts';

/** Calls of the service's HTTP API, as a publisher and as the back end of a product make them. */

export interface HttpAnswer {
  readonly status: number;
  /** When to ask again, where a limit was reached. */
  readonly retryAfterMs?: number;
  readonly body: unknown;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/** Calls an address with the API key of development mode; with a body it is posted. Rejects where no answer comes. */
export async function call(address: string, { body, timeoutMs = 10_000 }: CallOptions = {}): Promise<HttpAnswer> {
  const response = await fetch(address, {
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const seconds = response.headers.get('retry-after');
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    ...(seconds === null ? {} : { retryAfterMs: Number(seconds) * 1_000 }),
  };
}

/** A token of development mode. */
export async function tokenFor(url: string, userId: string): Promise<string> {
  const { status, body } = await call(`${url}/dev/token`, { body: { user_id: userId } });
  if (status !== 200) throw new Error(`POST /dev/token answered ${status}`);
  return String((body as { token?: unknown }).token);
}

/** A single-use ticket. */
export async function ticketFor(url: string, userId: string): Promise<string> {
  const { status, body } = await call(`${url}/v1/tickets`, { body: { user_id: userId } });
  if (status !== 200) throw new Error(`POST /v1/tickets answered ${status}`);
  return String((body as { ticket?: unknown }).ticket);
}
