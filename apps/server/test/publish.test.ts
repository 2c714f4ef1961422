import { describe, expect, it } from 'vitest';
import { completed, executing, note, started, thinking, toolDone, wholeRun } from './support/events.ts';
import {
  call,
  errorCode,
  errorMessage,
  eventsAddress,
  mustPublish,
  post,
  publish,
  tokenFor,
  withKey,
} from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';

const service = useService();

async function head(user: string): Promise<unknown> {
  const { body } = await call(eventsAddress(service.url, user), { headers: withKey });
  return body['head_offset'];
}

describe('publishing over HTTP', () => {
  it('answers the epoch and one offset per event, in order', async () => {
    const user = freshUser();
    const answer = await publish(service.url, user, wholeRun('r1'));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ epoch: expect.any(String) as unknown, offsets: [1, 2, 3, 4, 5] });
    expect((await publish(service.url, user, [note(1)])).body['offsets']).toEqual([6]);
  });

  it('takes the key as X-API-Key too', async () => {
    const answer = await post(
      eventsAddress(service.url, freshUser()),
      { events: [note(1)] },
      { 'x-api-key': 'dev-key' },
    );
    expect(answer.status).toBe(200);
  });

  it('answers the first offset for an event_id that was there', async () => {
    const user = freshUser();
    const event = { ...note(1), event_id: 'once' };
    expect(await mustPublish(service.url, user, [event])).toEqual([1]);
    await mustPublish(service.url, user, [note(2)]);
    expect(await mustPublish(service.url, user, [event])).toEqual([1]);
    expect(await mustPublish(service.url, user, [note(3), event, note(4)])).toEqual([3, 1, 4]);
    expect(await mustPublish(service.url, user, [event, event])).toEqual([1, 1]);
    expect(await head(user)).toBe(4);
  });

  it('refuses another event under a used event_id', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, [note(1), { ...note(2), event_id: 'once' }]);
    const answer = await publish(service.url, user, [note(3), { ...note(4), event_id: 'once' }]);
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'ID_CONFLICT' } } });
    expect(JSON.stringify(answer.body)).toMatch(/events\[1\]: event_id once .* offset 2/);
    expect(await head(user)).toBe(2);
  });

  it('writes one event for the same new event_id twice in one batch', async () => {
    const user = freshUser();
    const event = { ...note(1), event_id: 'twin' };
    expect(await mustPublish(service.url, user, [event, event, note(2)])).toEqual([1, 1, 2]);
    expect(await head(user)).toBe(2);
  });

  it('takes a whole run again, also after it has ended', async () => {
    const user = freshUser();
    const run = wholeRun('r1').map((event, n) => ({ ...event, event_id: `e${n}` }));
    expect(await mustPublish(service.url, user, run)).toEqual([1, 2, 3, 4, 5]);
    expect(await mustPublish(service.url, user, run)).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps event ids of users apart', async () => {
    const event = { ...note(1), event_id: 'shared' };
    const [alice, bob] = [freshUser(), freshUser()];
    await mustPublish(service.url, alice, [note(0), event]);
    expect(await mustPublish(service.url, bob, [event])).toEqual([1]);
  });

  it('writes once when the same batch comes many times at once', async () => {
    const user = freshUser();
    const run = wholeRun('r1').map((event, n) => ({ ...event, event_id: `e${n}` }));
    const answers = await Promise.all(Array.from({ length: 20 }, () => publish(service.url, user, run)));
    for (const { body } of answers) expect(body['offsets']).toEqual([1, 2, 3, 4, 5]);
    expect(await head(user)).toBe(5);
  });

  it.each([
    ['a bad field', { type: 'agent_thinking', run_id: 'r1', payload: { delta: 7 } }, 422],
    ['a wrong order', toolDone('r1', 'never-started'), 409],
    ['a near miss', { ...thinking('r1', 'x'), type: 'agent_thinkin' }, 422],
    ['no object', 'text', 422],
  ])('appends nothing of a batch with %s in it', async (_name, bad, status) => {
    const user = freshUser();
    const answer = await publish(service.url, user, [started('r1'), thinking('r1', 'a'), bad, note(1)]);
    expect(answer.status).toBe(status);
    expect(await head(user)).toBe(0);
    // Nor is anything of it remembered: the run can still be started.
    expect(await mustPublish(service.url, user, [started('r1')])).toEqual([1]);
  });
});

describe('payloads are carried as they came', () => {
  it.each([
    ['keys of the prototype', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1}'],
    ['deep nesting', `{"a":${'['.repeat(124)}${']'.repeat(124)}}`],
    ['text of every kind', JSON.stringify({ text: '\u0000\u2028 \ud83e\udd8a "quoted" \\ </script>' })],
    ['a lone surrogate', '{"text":"\\ud800"}'],
    ['keys that are envelope fields', '{"type":"agent_completed","offset":-1,"run_id":5,"user_id":"eve"}'],
    ['numbers', '{"small":1e-7,"big":9007199254740991,"negative":-0.5}'],
  ])('%s', async (_name, payload) => {
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    const answer = await post(
      eventsAddress(service.url, user),
      `{"events":[{"type":"app.note","payload":${payload}}]}`,
      withKey,
    );
    expect(answer.status).toBe(200);
    const event = await peer.frame('app.note');
    expect(JSON.stringify(event['payload'])).toBe(payload);
    expect(event).toMatchObject({ type: 'app.note', offset: 1 });
    expect((await call(eventsAddress(service.url, user), { headers: withKey })).text).toContain(payload);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    peer.socket.terminate();
  });
});

describe('ids that a URL has to escape', () => {
  it.each([
    'a/b',
    'auth0|5f7c',
    'a%2Fb',
    'user@example.com',
    'ü',
    '🦊',
    '用'.repeat(128),
    '..',
    'a?b#c',
    '\'"<>&',
    '+',
  ])('user %s', async (id) => {
    // `..` alone is a path that clients resolve before they send it: no server ever sees it.
    const user = id === '..' ? '..x' : id;
    expect(await mustPublish(service.url, user, [note(1)])).toEqual([1]);
    const { body } = await call(eventsAddress(service.url, user), { headers: withKey });
    expect(body['events']).toHaveLength(1);
  });
});

interface Refusal {
  readonly name: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
  /** What the message has to name. */
  readonly names: RegExp;
}

const one = (event: unknown): object => ({ events: [event] });

const REFUSALS: readonly Refusal[] = [
  { name: 'bad JSON', body: '{"events":[', status: 400, code: 'BAD_JSON', names: /JSON/ },
  { name: 'an empty body', body: '', status: 400, code: 'BAD_JSON', names: /JSON/ },
  { name: 'null', body: 'null', status: 400, code: 'BAD_REQUEST', names: /body/ },
  { name: 'a list', body: [], status: 400, code: 'BAD_REQUEST', names: /events/ },
  { name: 'no events', body: {}, status: 400, code: 'BAD_REQUEST', names: /events/ },
  { name: 'no event', body: { events: [] }, status: 400, code: 'BAD_REQUEST', names: /events/ },
  {
    name: 'too many events',
    body: { events: Array.from({ length: 1_001 }, (_, n) => note(n)) },
    status: 400,
    code: 'BAD_REQUEST',
    names: /events/,
  },
  { name: 'an event without type', body: one({ payload: {} }), status: 422, code: 'INVALID_EVENT', names: /type/ },
  { name: 'an event without payload', body: one({ type: 'x' }), status: 422, code: 'INVALID_EVENT', names: /payload/ },
  {
    name: 'a payload that is a list',
    body: one({ type: 'x', payload: [] }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /payload/,
  },
  {
    name: 'a misspelt envelope field',
    body: one({ type: 'x', payload: {}, runid: 'r' }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /runid/,
  },
  {
    name: 'a publisher that sets the offset',
    body: one({ type: 'x', payload: {}, offset: 9 }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /offset/,
  },
  {
    name: 'a run event without run',
    body: one({ type: 'agent_thinking', payload: { delta: 'x' } }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /run_id/,
  },
  {
    name: 'a run id with blanks',
    body: one({ ...thinking('r 1', 'x') }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /run_id/,
  },
  {
    name: 'a huge event id',
    body: one({ ...note(1), event_id: 'x'.repeat(129) }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /event_id/,
  },
  {
    name: 'a missing payload field',
    body: one({ ...started('r1'), payload: {} }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /agent_name/,
  },
  {
    name: 'a status that is none',
    body: one({ ...completed('r1'), payload: { status: 'done', duration_ms: 1 } }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /status/,
  },
  {
    name: 'agent_stared',
    body: one({ ...started('r1'), type: 'agent_stared' }),
    status: 422,
    code: 'UNKNOWN_EVENT_TYPE',
    names: /agent_started/,
  },
  {
    name: 'agnt_started',
    body: one({ ...started('r1'), type: 'agnt_started' }),
    status: 422,
    code: 'UNKNOWN_EVENT_TYPE',
    names: /agent_started/,
  },
  {
    name: 'Agent_Started',
    body: one({ ...started('r1'), type: 'Agent_Started' }),
    status: 422,
    code: 'UNKNOWN_EVENT_TYPE',
    names: /agent_started/,
  },
  {
    name: 'a control frame',
    body: one({ type: 'connection_ready', payload: {} }),
    status: 422,
    code: 'RESERVED_EVENT_TYPE',
    names: /connection_ready/,
  },
  {
    name: 'a type with blanks',
    body: one({ type: 'my event', payload: {} }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /type/,
  },
  {
    name: 'a bad traceparent',
    body: one({ ...note(1), traceparent: 'x' }),
    status: 422,
    code: 'INVALID_EVENT',
    names: /traceparent/,
  },
  {
    name: 'a body over 1 MiB',
    body: one({ type: 'x', payload: { pad: 'x'.repeat(1_048_576) } }),
    status: 413,
    code: 'MESSAGE_TOO_BIG',
    names: /limit/,
  },
];

describe('what publishing refuses', () => {
  it.each(REFUSALS)('$name → $status $code', async ({ body, status, code, names }) => {
    const user = freshUser();
    const answer = await post(eventsAddress(service.url, user), body, withKey);
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status, code });
    expect(errorMessage(answer)).toMatch(names);
    expect(await head(user)).toBe(0);
  });

  it('names the place of the bad event in a batch', async () => {
    const answer = await publish(service.url, freshUser(), [note(1), note(2), { type: 'x' }]);
    expect(errorMessage(answer)).toContain('events[2]');
  });

  it.each([
    ['no key', {}, 'CREDENTIAL_MISSING'],
    ['a wrong key', { authorization: 'Bearer wrong' }, 'CREDENTIAL_INVALID'],
    ['a wrong X-API-Key', { 'x-api-key': 'wrong' }, 'CREDENTIAL_INVALID'],
    ['another scheme', { authorization: 'Basic ZGV2LWtleTo=' }, 'CREDENTIAL_MISSING'],
  ])('%s → 401, before the body is looked at', async (_name, headers, code) => {
    const answer = await post(eventsAddress(service.url, freshUser()), '{', headers);
    expect(answer.status).toBe(401);
    expect(errorCode(answer)).toBe(code);
  });

  it("a user's own token does not publish", async () => {
    const { body } = await post(`${service.url}/dev/token`, { user_id: 'eve' });
    const answer = await post(
      eventsAddress(service.url, 'eve'),
      { events: [note(1)] },
      { authorization: `Bearer ${String(body['token'])}` },
    );
    expect(answer.status).toBe(401);
  });

  it('a user id that is none → 400', async () => {
    const answer = await publish(service.url, 'a b', [note(1)]);
    expect(answer.status).toBe(400);
    expect(errorCode(answer)).toBe('INVALID_USER_ID');
  });

  it('a body of another type → 415 with a sentence', async () => {
    const answer = await call(eventsAddress(service.url, 'u'), {
      method: 'POST',
      headers: { ...withKey, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'events=1',
    });
    expect(answer.status).toBe(415);
    // What curl sends when it is not told otherwise: the answer says what to change.
    expect(errorMessage(answer)).toContain('application/json');
  });

  it('an address or method that is not there → 404 in the same shape', async () => {
    for (const init of [{}, { method: 'DELETE' }]) {
      const answer = await call(`${service.url}/v1/nothing`, init);
      expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 404, code: 'NOT_FOUND' });
    }
  });
});

describe('the order of a run, each breach with its code', () => {
  const open = [started('r1', 't1')];
  it.each([
    ['an event of a run that never was', [], thinking('r1', 'x'), 'RUN_NOT_OPEN'],
    ['a second start', open, started('r1', 't1'), 'RUN_ALREADY_STARTED'],
    ['an event after the end', [...open, completed('r1')], thinking('r1', 'x'), 'RUN_ALREADY_COMPLETED'],
    ['a second end', [...open, completed('r1')], completed('r1'), 'RUN_ALREADY_COMPLETED'],
    ['a start after the end', [...open, completed('r1')], started('r1'), 'RUN_ALREADY_COMPLETED'],
    ['another thread', open, { ...thinking('r1', 'x'), thread_id: 't2' }, 'RUN_THREAD_MISMATCH'],
    ['a result without a call', open, toolDone('r1', 'c1'), 'TOOL_CALL_NOT_EXECUTING'],
    ['a call twice', [...open, executing('r1', 'c1')], executing('r1', 'c1'), 'TOOL_CALL_ALREADY_EXECUTING'],
    [
      'a used call id',
      [...open, executing('r1', 'c1'), toolDone('r1', 'c1')],
      executing('r1', 'c1'),
      'TOOL_CALL_ALREADY_EXECUTING',
    ],
    [
      'a result twice',
      [...open, executing('r1', 'c1'), toolDone('r1', 'c1')],
      toolDone('r1', 'c1'),
      'TOOL_CALL_NOT_EXECUTING',
    ],
    ['an end with an open call', [...open, executing('r1', 'c1')], completed('r1'), 'TOOL_CALLS_OPEN'],
  ] as const)('%s → 409 $3', async (_name, before, bad, code) => {
    const user = freshUser();
    if (before.length > 0) await mustPublish(service.url, user, before);
    const answer = await publish(service.url, user, [bad]);
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 409, code });
    expect(await head(user)).toBe(before.length);
  });
});
