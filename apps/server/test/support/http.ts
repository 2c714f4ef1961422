/** Calls of the HTTP API with plain `fetch`. */

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, where it is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The key of development mode. */
const API_KEY = 'dev-key';

export async function call(url: string, init: RequestInit = {}): Promise<HttpAnswer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
  const body = isJson ? (JSON.parse(text) as HttpAnswer['body']) : {};
  return { status: response.status, headers: response.headers, text, body };
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  return call(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const withKey = { authorization: `Bearer ${API_KEY}` };

export function eventsAddress(url: string, userId: string, query = ''): string {
  return `${url}/v1/users/${encodeURIComponent(userId)}/events${query}`;
}

export async function publish(
  url: string,
  userId: string,
  events: readonly unknown[],
  headers: Record<string, string> = withKey,
): Promise<HttpAnswer> {
  return post(eventsAddress(url, userId), { events }, headers);
}

/** Publishes what has to be taken. Answers the offsets. */
export async function mustPublish(
  url: string,
  userId: string,
  events: readonly unknown[],
  headers: Record<string, string> = withKey,
): Promise<readonly number[]> {
  const { status, body, text } = await publish(url, userId, events, headers);
  if (status !== 200) throw new Error(`publishing was refused with ${status}: ${text}`);
  return body['offsets'] as readonly number[];
}

/** A token of development mode. */
export async function tokenFor(url: string, userId: string, threads?: readonly string[]): Promise<string> {
  const { status, body, text } = await post(`${url}/dev/token`, { user_id: userId, ...(threads && { threads }) });
  if (status !== 200) throw new Error(`no token, ${status}: ${text}`);
  return String(body['token']);
}

export async function ticketFor(
  url: string,
  userId: string,
  headers: Record<string, string> = withKey,
): Promise<string> {
  const { status, body, text } = await post(`${url}/v1/tickets`, { user_id: userId }, headers);
  if (status !== 200) throw new Error(`no ticket, ${status}: ${text}`);
  return String(body['ticket']);
}

/** The code of an error answer. */
export function errorCode({ body }: HttpAnswer): unknown {
  return (body['error'] as { code?: unknown } | undefined)?.code;
}

/** The message of an error answer. */
export function errorMessage({ body }: HttpAnswer): string {
  return String((body['error'] as { message?: unknown } | undefined)?.message);
}
