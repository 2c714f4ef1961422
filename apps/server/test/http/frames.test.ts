import { describe, expect, it } from 'vitest';
import { started } from '../support/events.ts';
import { EventStream } from '../support/event-stream.ts';
import {
  call,
  errorCode,
  errorMessage,
  mustPublish,
  post,
  ticketFor,
  tokenFor,
  type HttpAnswer,
} from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { freshUser, useService } from '../support/service.ts';

const service = useService(
  { WS_ALLOWED_ORIGINS: 'https://app.example.com', WS_MAX_MESSAGE_BYTES: '4096' },
  () => undefined,
);

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function send(frame: unknown, headers: Record<string, string>): Promise<HttpAnswer> {
  return post(`${service.url}/v1/frames`, frame, headers);
}

const message = (message_id: string, thread_id?: string) => ({
  type: 'user_message',
  message_id,
  ...(thread_id === undefined ? {} : { thread_id }),
  payload: { text: 'hi' },
});

describe('frames over HTTP', () => {
  it('a message is accepted, reaches the other tabs, and is one however often it comes', async () => {
    const user = freshUser();
    const token = await tokenFor(service.url, user);
    const tab = await Peer.ready(service.url, { token });
    const answers = [await send(message('m1', 't1'), bearer(token)), await send(message('m1', 't1'), bearer(token))];
    const accepted = { type: 'accepted', ref: 'm1', thread_id: 't1', run_id: 'run-m1' };
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual([
      { status: 200, body: accepted },
      { status: 200, body: accepted },
    ]);
    await tab.frame('user_message');
    tab.say(message('m1', 't1'));
    expect(await tab.frame('accepted')).toEqual(accepted);
    expect(tab.events).toHaveLength(1);
    tab.socket.terminate();
  });

  it('a run is cancelled, by its user alone', async () => {
    const [user, other] = [freshUser(), freshUser()];
    await mustPublish(service.url, user, [started('r1')]);
    const cancel = { type: 'cancel_run', run_id: 'r1' };
    expect(errorCode(await send(cancel, bearer(await tokenFor(service.url, other))))).toBe('RUN_NOT_OPEN');
    const answer = await send(cancel, bearer(await tokenFor(service.url, user)));
    expect(answer.body).toEqual({ type: 'accepted', ref: 'r1', run_id: 'r1' });
  });

  it('an ack has no answer', async () => {
    const answer = await send({ type: 'ack', offset: 3 }, bearer(await tokenFor(service.url, freshUser())));
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
  });

  it('a ticket is good for one of them', async () => {
    const ticket = await ticketFor(service.url, freshUser());
    const attempt = async () => post(`${service.url}/v1/frames?ticket=${ticket}`, message('m1'));
    expect([(await attempt()).status, (await attempt()).status]).toEqual([200, 401]);
  });

  it.each([
    ['hello', { type: 'hello' }, 'UNKNOWN_FRAME'],
    ['auth', { type: 'auth', token: 'x' }, 'UNKNOWN_FRAME'],
    ['ping', { type: 'ping' }, 'UNKNOWN_FRAME'],
    ['a frame of the server', { type: 'accepted', ref: 'm1' }, 'UNKNOWN_FRAME'],
    ['an event', { type: 'agent_started', payload: {} }, 'UNKNOWN_FRAME'],
    ['type __proto__', { type: '__proto__' }, 'UNKNOWN_FRAME'],
    ['type constructor', { type: 'constructor' }, 'UNKNOWN_FRAME'],
    ['no type', {}, 'UNKNOWN_FRAME'],
    ['a list of frames', [message('m1')], 'UNKNOWN_FRAME'],
    ['null', null, 'UNKNOWN_FRAME'],
    ['a message without an id', { type: 'user_message', payload: { text: 'hi' } }, 'INVALID_FRAME'],
    ['no JSON', '{', 'BAD_JSON'],
    ['a run that never was', { type: 'cancel_run', run_id: 'nope' }, 'RUN_NOT_OPEN'],
    [
      'an approval nobody asked for',
      { type: 'tool_approval', run_id: 'r', tool_call_id: 'c', approved: true },
      'RUN_NOT_OPEN',
    ],
    ['a message over the limit of messages', message('m'.repeat(5_000)), 'MESSAGE_TOO_BIG'],
  ])('%s is refused', async (_name, frame, code) => {
    const answer = await send(frame, bearer(await tokenFor(service.url, freshUser())));
    expect(errorCode(answer)).toBe(code);
    expect(answer.status).toBeLessThan(500);
  });

  it('the field that is wrong is named', async () => {
    const frame = { type: 'user_message', message_id: 'm1', payload: { text: 7 } };
    const answer = await send(frame, bearer(await tokenFor(service.url, freshUser())));
    expect(errorMessage(answer)).toContain('field payload.text');
  });

  it('nobody sends without a credential, with an API key, or from a foreign page', async () => {
    expect(errorCode(await send(message('m1'), {}))).toBe('CREDENTIAL_MISSING');
    expect(errorCode(await send(message('m1'), bearer('dev-key')))).toBe('CREDENTIAL_INVALID');
    const token = await tokenFor(service.url, freshUser());
    const foreign = { ...bearer(token), origin: 'https://evil.example' };
    expect(errorCode(await send(message('m1'), foreign))).toBe('ORIGIN_NOT_ALLOWED');
    const threads = await tokenFor(service.url, freshUser(), ['t1']);
    expect(errorCode(await send(message('m1', 't2'), bearer(threads)))).toBe('THREAD_NOT_ALLOWED');
  });
});

describe('the own stream', () => {
  it('is that of the credential, from the earliest event, the latest, or where the last one was', async () => {
    const user = freshUser();
    const headers = bearer(await tokenFor(service.url, user));
    await mustPublish(service.url, user, [started('r1', 't1'), started('r2', 't2')]);
    const page = await call(`${service.url}/v1/events`, { headers });
    expect(page.body['events']).toHaveLength(2);
    expect((await call(`${service.url}/v1/events?from=latest`, { headers })).body).toMatchObject({
      head_offset: 2,
      events: [],
    });
    await using live = await EventStream.open(`${service.url}/v1/events?from=latest`, headers);
    await live.until(() => live.blocks.length === 1, 'connection_ready');
    expect(live.blocks[0]).toMatchObject({ event: 'connection_ready', data: { user_id: user, recovery: 'new' } });
    await mustPublish(service.url, user, [started('r3', 't1')]);
    await live.until(() => live.events.length === 1, 'the new event');
    const lastId = live.events[0]?.id ?? '';
    await mustPublish(service.url, user, [started('r4', 't1')]);
    await using resumed = await EventStream.open(`${service.url}/v1/events`, { ...headers, 'last-event-id': lastId });
    await resumed.until(() => resumed.events.length === 1, 'what came after');
    expect(resumed.blocks[0]?.data).toMatchObject({ recovery: 'resumed' });
    expect(resumed.events[0]?.data).toMatchObject({ offset: 4 });
  });

  it('may be narrowed to threads, and not widened beyond those of the credential', async () => {
    const user = freshUser();
    const all = bearer(await tokenFor(service.url, user));
    const some = bearer(await tokenFor(service.url, user, ['t1', 't2']));
    await mustPublish(service.url, user, [started('r1', 't1'), started('r2', 't2'), started('r3', 't3')]);
    const threadsOf = ({ body }: HttpAnswer) => (body['events'] as { thread_id: string }[]).map((it) => it.thread_id);
    const read = async (query: string, headers: Record<string, string>) =>
      call(`${service.url}/v1/events${query}`, { headers });
    expect(threadsOf(await read('?thread=t2', all))).toEqual(['t2']);
    expect(threadsOf(await read('?thread=t2&thread=t3', all))).toEqual(['t2', 't3']);
    expect(threadsOf(await read('', some))).toEqual(['t1', 't2']);
    expect(threadsOf(await read('?thread=t1', some))).toEqual(['t1']);
    expect(errorCode(await read('?thread=t3', some))).toBe('THREAD_NOT_ALLOWED');
    await using stream = await EventStream.open(`${service.url}/v1/events?thread=t2`, all);
    await stream.until(() => stream.events.length === 1, 'the event of t2');
    expect(stream.events[0]?.data).toMatchObject({ thread_id: 't2' });
  });

  it.each([
    '?from=tail',
    '?from=e1:-1',
    '?after=tail',
    '?after=-1',
    '?thread=',
    '?thread=a%20b',
    `?${'thread=t&'.repeat(101)}`,
  ])('%s → 400', async (query) => {
    const headers = bearer(await tokenFor(service.url, freshUser()));
    expect((await call(`${service.url}/v1/events${query}`, { headers })).status).toBe(400);
  });
});

describe('pages of other origins', () => {
  it('may read and send where they are allowed', async () => {
    const origin = 'https://app.example.com';
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    };
    const preflight = await call(`${service.url}/v1/frames`, { method: 'OPTIONS', headers: { origin, ...asked } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const headers = { ...bearer(await tokenFor(service.url, freshUser())), origin };
    expect((await send(message('m1'), headers)).headers.get('access-control-allow-origin')).toBe(origin);
    await using stream = await EventStream.open(`${service.url}/v1/events`, headers);
    expect(stream.response.headers.get('access-control-allow-origin')).toBe(origin);
    // An error can be read as well: it says what is wrong.
    const refused = await call(`${service.url}/v1/events`, { headers: { origin } });
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('may not where they are not', async () => {
    const origin = 'https://evil.example';
    const preflight = await call(`${service.url}/v1/frames`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).not.toBe(origin);
    const headers = { ...bearer(await tokenFor(service.url, freshUser())), origin };
    expect((await call(`${service.url}/v1/events`, { headers })).status).toBe(403);
  });
});

describe('tickets', () => {
  const issue = async (grant: object) => {
    const answer = await post(`${service.url}/v1/tickets`, grant, { authorization: 'Bearer dev-key' });
    return `${service.url}/v1/events?ticket=${String(answer.body['ticket'])}`;
  };

  it('for some threads open these alone', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, [started('r1', 't1'), started('r2', 't2')]);
    const page = await call(await issue({ user_id: user, threads: ['t1'] }));
    expect(page.body['events']).toMatchObject([{ thread_id: 't1' }]);
  });

  it('for an origin are worthless anywhere else', async () => {
    const grant = { user_id: freshUser(), origin: 'https://app.example.com' };
    const open = async (headers: Record<string, string>) => (await call(await issue(grant), { headers })).status;
    expect(await open({ origin: 'https://app.example.com' })).toBe(200);
    expect(await open({ origin: service.url })).toBe(401);
    expect(await open({})).toBe(401);
  });
});
