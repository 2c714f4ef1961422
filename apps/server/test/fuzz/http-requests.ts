import { request } from 'node:http';
import type { Agent } from 'node:http';
import fc from 'fast-check';
import { OPERATIONS } from '@ws/server/src/http/api/operations.ts';

/** A request of one of the described calls, in which anything may be wrong. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface FuzzedAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const NAMES = ['epoch', 'after', 'limit', 'thread', 'ticket', 'user_id', '__proto__', 'constructor', 'a[b]'];
const ODD_TEXTS = [
  '',
  '0',
  '-1',
  '1e9',
  '9007199254740993',
  'head',
  'NaN',
  '%',
  '%00',
  '..',
  '/',
  '\\',
  '%2e%2e%2f',
  '__proto__',
  'null',
];

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...ODD_TEXTS), fc.string());
/** As a browser would write it, or as nobody should. */
const inAddress = fc.tuple(text, fc.boolean()).map(([it, isEncoded]) => (isEncoded ? encode(it) : raw(it)));
const query = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), inAddress), inAddress), { maxLength: 5 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));

const headerValue = fc.string({ maxLength: 60 }).map((it) => it.replace(/[^\x20-\x7e]/g, '').trim());
const oddHeaders = fc.dictionary(
  fc.constantFrom(
    'accept',
    'last-event-id',
    'content-encoding',
    'traceparent',
    'origin',
    'x-forwarded-for',
    'x-api-key',
  ),
  fc.oneof(headerValue, fc.constantFrom('text/event-stream', 'application/json', 'gzip', 'e:1', ':', 'null')),
);

/** Most have none: each is a reason to be refused early. */
const headers = fc.oneof({ weight: 3, arbitrary: fc.constant<Record<string, string>>({}) }, oddHeaders);

/** Mostly somebody who is there, else hardly a request would get far. */
const user = fc.oneof({ weight: 3, arbitrary: fc.constant('fuzzer') }, inAddress);

/** JSON that is like `example`, with a value somewhere that is not. */
function like(example: unknown): fc.Arbitrary<unknown> {
  const other = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(null, '', -1, 1e308, [], {}, 'x'.repeat(3_000)),
  );
  if (Array.isArray(example)) {
    const entries = fc.tuple(...example.map(like));
    return fc.oneof({ weight: 8, arbitrary: entries }, fc.array(other, { maxLength: 3 }), other);
  }
  if (typeof example !== 'object' || example === null) {
    return fc.oneof({ weight: 12, arbitrary: fc.constant(example) }, other);
  }
  const fields = Object.fromEntries(Object.entries(example).map(([name, value]) => [name, like(value)] as const));
  const whole = fc.record(fields);
  const more = fc.tuple(whole, fc.dictionary(fc.string(), other)).map(([own, odd]) => ({ ...odd, ...own }));
  return fc.oneof({ weight: 8, arbitrary: whole }, fc.record(fields, { requiredKeys: [] }), more, other);
}

/** @param credentials - values of `Authorization` that let somebody do something */
export function fuzzedRequest(credentials: readonly string[]): fc.Arbitrary<FuzzedRequest> {
  const calls = OPERATIONS.map((operation) => {
    const example = 'bodyExample' in operation ? operation.bodyExample : {};
    const body = fc.oneof(
      { weight: 4, arbitrary: like(example).map((value) => JSON.stringify(value)) },
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }),
    );
    const path = fc.tuple(operation.id === 'disconnectUser' ? inAddress : user, query).map(([name, asked]) => {
      const address = operation.path.replace(':userId', name);
      return asked === '' ? address : `${address}?${asked}`;
    });
    const isGet = operation.method === 'GET';
    const type = fc.oneof({ weight: 6, arbitrary: fc.constant('application/json') }, headerValue);
    return fc
      .tuple(path, headers, fc.constantFrom('', ...credentials), isGet ? fc.constant('') : body, type)
      .map(([address, more, authorization, content, contentType]) => ({
        method: operation.method,
        path: address,
        headers: {
          ...more,
          ...(authorization === '' ? {} : { authorization }),
          ...(isGet ? {} : { 'content-type': contentType }),
        },
        body: content,
      }));
  });
  return fc.oneof(...calls);
}

/** Sends it. An event stream is left when its head is here. */
export async function send(
  url: string,
  agent: Agent,
  { method, path, headers: given, body }: FuzzedRequest,
): Promise<FuzzedAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: given, agent }, (answer) => {
      const status = answer.statusCode ?? 0;
      const type = answer.headers['content-type'] ?? '';
      if (type.startsWith('text/event-stream')) {
        answer.destroy();
        resolve({ status, type, text: '' });
        return;
      }
      let received = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
      answer.once('end', () => resolve({ status, type, text: received }));
      answer.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function encode(it: string): string {
  // Half a surrogate can't be encoded.
  return encodeURIComponent(Buffer.from(it).toString());
}

/** What Node lets into the first line of a request. */
function raw(it: string): string {
  return it.replace(/[^\x21-\x7e]/g, '');
}
