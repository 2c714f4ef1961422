import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ERROR_CODES } from '@ws/types';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { OPERATIONS } from '@ws/server/src/http/api/operations.ts';
import { describedPath } from '@ws/server/src/http/api/openapi.ts';
import type { Service } from '../../src/service.ts';
import { note, wholeRun } from '../support/events.ts';
import { call, eventsAddress, post, publish, tokenFor, withKey, type HttpAnswer } from '../support/http.ts';
import { openService } from '../support/service.ts';

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: object } } };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>;
}

let service: Service;
let document: Described;
let text: string;

beforeAll(async () => {
  service = await openService({}, () => undefined);
  text = (await call(`${service.url}/openapi.json`)).text;
  document = JSON.parse(text) as Described;
});
afterAll(async () => service.close(0));

const ajv = new Ajv2020({ strict: false });

function described(id: string): DescribedOperation {
  const found = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`${id} is not described`);
  return found;
}

/** Holds an answer to what the description says of its status and type. */
function expectDescribed(id: string, answer: HttpAnswer): void {
  const responses = described(id).responses;
  expect(Object.keys(responses)).toContain(String(answer.status));
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const content = responses[answer.status]?.content;
  if (content === undefined) {
    expect(answer.text).toBe('');
    return;
  }
  expect(Object.keys(content)).toContain(type);
  const schema = { ...content[type]?.schema, components: (document as object as { components: object }).components };
  const value: unknown = type.endsWith('json') ? answer.body : answer.text;
  const validate = ajv.compile(schema);
  expect({ valid: validate(value), errors: validate.errors }).toEqual({ valid: true, errors: null });
}

describe('the description', () => {
  it('is OpenAPI 3.1, whole and without a reference into nothing', async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(text) as Record<string, unknown>);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('names the version that the build has written in', async () => {
    vi.resetModules();
    // A version that may share its default hub with the sources.
    vi.stubGlobal('PACKAGE_VERSION', '0.0.9');
    onTestFinished(() => void vi.unstubAllGlobals());
    const [{ createServer }, { MemoryEventLog }] = await Promise.all([import('@ws/server'), import('@ws/core')]);
    await using server = await createServer({ log: new MemoryEventLog(), authenticate: () => null });
    const answer = await server.fetch(new Request('http://localhost/openapi.json'));
    expect(await answer.json()).toMatchObject({ info: { version: '0.0.9' } });
  });

  it('names every call that the service answers, and no other', async () => {
    const known = OPERATIONS.map((operation) => `${operation.method} ${describedPath(operation)}`).sort();
    const written = Object.entries(document.paths)
      .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`))
      .sort();
    expect(written).toEqual(known);
    const statuses = await Promise.all(
      OPERATIONS.map(async ({ method, path }) => {
        const { status } = await call(service.url + path.replace(':userId', 'alice'), { method });
        return { path, status };
      }),
    );
    expect(statuses.filter(({ status }) => status === 404)).toEqual([]);
  });

  it('says who may call what', () => {
    const scopes = (id: string): readonly unknown[] => described(id).security.flatMap(Object.entries);
    expect(scopes('publishEvents')).toEqual([
      ['api_key', ['publish']],
      ['api_key_header', ['publish']],
    ]);
    expect(scopes('sendFrame')).toEqual([
      ['user_token', []],
      ['ticket', []],
    ]);
    expect(scopes('isAlive')).toEqual([]);
  });
});

describe('what is described is what the service does', () => {
  it('bodies: what fits the description is taken, what does not is refused', async () => {
    const schema = described('publishEvents').requestBody?.content['application/json'].schema ?? {};
    const validate = ajv.compile(schema);
    const bodies: readonly (readonly [boolean, unknown])[] = [
      [true, { events: wholeRun('r1', 't1') }],
      [true, { events: [note(1)] }],
      [true, { events: [{ ...note(1), event_id: 'e1' }] }],
      [false, {}],
      [false, { events: [] }],
      [false, { events: [{ type: 'app.note' }] }],
      [false, { events: [{ ...note(1), runid: 'r' }] }],
      [false, { events: [{ ...note(1), thread_id: '' }] }],
      [false, { events: [{ ...note(1), payload: [] }] }],
      [false, { events: Array.from({ length: 1_001 }, () => note(1)) }],
    ];
    for (const [fits, body] of bodies) {
      const { status } = await post(eventsAddress(service.url, 'bodies'), body, withKey);
      const seen = { fits: validate(body), taken: status === 200 };
      expect({ ...seen, body: fits ? body : '' }).toEqual({ fits, taken: fits, body: fits ? body : '' });
    }
  });

  it('answers', async () => {
    const { url } = service;
    const token = await tokenFor(url, 'alice');
    const user = { authorization: `Bearer ${token}` };
    expectDescribed('publishEvents', await publish(url, 'alice', wholeRun('r1', 't1')));
    expectDescribed('readEvents', await call(eventsAddress(url, 'alice'), { headers: withKey }));
    expectDescribed('readOwnEvents', await call(`${url}/v1/events?from=latest`, { headers: user }));
    const message = { type: 'user_message', message_id: 'm1', payload: { text: 'hi' } };
    expectDescribed('sendFrame', await post(`${url}/v1/frames`, message, user));
    expectDescribed('sendFrame', await post(`${url}/v1/frames`, { type: 'ack', offset: 1 }, user));
    expectDescribed('issueTicket', await post(`${url}/v1/tickets`, { user_id: 'alice' }, withKey));
    expectDescribed('disconnectUser', await post(`${url}/v1/users/bob/disconnect`, {}, withKey));
    expectDescribed('isAlive', await call(`${url}/healthz`));
    expectDescribed('isReady', await call(`${url}/readyz`));
    expectDescribed('metrics', await call(`${url}/metrics`));
    expectDescribed('debugState', await call(`${url}/debug/state`, { headers: withKey }));
    expectDescribed('developmentToken', await post(`${url}/dev/token`, { user_id: 'alice' }));
  });

  it('problems', async () => {
    const { url } = service;
    const wrong = { authorization: 'Bearer wrong' };
    expectDescribed('publishEvents', await post(eventsAddress(url, 'alice'), { events: [] }));
    expectDescribed('publishEvents', await post(eventsAddress(url, 'alice'), '{', withKey));
    expectDescribed('publishEvents', await publish(url, 'alice', [{ type: 'agent_stared', payload: {} }]));
    expectDescribed('publishEvents', await publish(url, 'alice', wholeRun('r1', 't1')));
    expectDescribed('readEvents', await call(eventsAddress(url, 'alice', '?limit=0'), { headers: withKey }));
    expectDescribed('sendFrame', await post(`${url}/v1/frames`, { type: 'hello' }, wrong));
    expectDescribed('issueTicket', await post(`${url}/v1/tickets`, { user_id: 'a b' }, withKey));
  });
});

describe('problem details', () => {
  it('say the same in the words of RFC 9457 and in those of the protocol', async () => {
    const answer = await publish(service.url, 'alice', [{ type: 'agent_stared', payload: {} }]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const { type, title, status, detail, code, retry, error } = answer.body;
    expect({ title, status, code, retry }).toEqual({
      title: 'Unprocessable Entity',
      status: 422,
      code: 'UNKNOWN_EVENT_TYPE',
      retry: false,
    });
    expect(error).toEqual({ code, message: detail });
    // It can be looked up.
    const reference = await call(`${service.url}/docs`);
    expect(type).toBe('/docs#UNKNOWN_EVENT_TYPE');
    expect(reference.text).toContain('id="UNKNOWN_EVENT_TYPE"');
  });

  it('are what every failure is answered with, also one before a route is found', async () => {
    const answers = await Promise.all([
      call(`${service.url}/nowhere`),
      call(`${service.url}/%zz`),
      call(`${service.url}/v1/users/${'x'.repeat(600)}/events`, { headers: withKey }),
      call(`${service.url}/v1/tickets`, { method: 'DELETE' }),
      post(`${service.url}/v1/tickets`, 'x', { ...withKey, 'content-type': 'text/plain' }),
      call(service.url, { headers: { 'x-large': 'x'.repeat(20_000) } }),
    ]);
    for (const { status, headers, body } of answers) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(body).toMatchObject({ status, error: { code: body['code'] } });
      expect(Object.keys(ERROR_CODES)).toContain(body['code']);
    }
  });
});

describe('the reference page', () => {
  it('names every call and every code, and runs no script', async () => {
    const page = await call(`${service.url}/docs`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
    for (const operation of OPERATIONS) expect(page.text).toContain(`<code>${describedPath(operation)}</code>`);
    for (const code of Object.keys(ERROR_CODES)) expect(page.text).toContain(`id="${code}"`);
    expect(page.text).not.toMatch(/<script|\son\w+=|style="/);
    const style = await call(`${service.url}/docs/reference.css`);
    expect(style.headers.get('content-type')).toContain('text/css');
    // Every link inside of the page leads somewhere.
    for (const [, id] of page.text.matchAll(/href="#([^"]+)"/g)) expect(page.text).toContain(`id="${id}"`);
  });
});
