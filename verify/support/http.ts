import { createHmac } from 'node:crypto';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The code of an error. */
  readonly code: string | undefined;
}

export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
  const body = (isJson ? JSON.parse(text) : {}) as Answer['body'];
  const error = body['error'] as { readonly code?: string } | undefined;
  return { status: response.status, body, code: error?.code };
}

export function post(url: string, body: unknown, bearer?: string): Promise<Answer> {
  const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  return request(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The key of publishers in development mode. */
const API_KEY = 'dev-key';

export function publish(url: string, user: string, events: readonly unknown[], key: string = API_KEY): Promise<Answer> {
  return post(`${url}/v1/users/${encodeURIComponent(user)}/events`, { events }, key);
}

export async function tokenFor(url: string, user: string): Promise<string> {
  const { status, body } = await post(`${url}/dev/token`, { user_id: user });
  if (status !== 200) throw new Error(`no token for ${user}: ${status}`);
  return String(body['token']);
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token signed by hand, so that any part of it can be wrong. */
export function signToken(claims: object, secret: string, algorithm = 'HS256'): string {
  const unsigned = `${part({ alg: algorithm, typ: 'JWT' })}.${part(claims)}`;
  const signature = algorithm === 'none' ? '' : createHmac('sha256', secret).update(unsigned).digest('base64url');
  return `${unsigned}.${signature}`;
}

export const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
