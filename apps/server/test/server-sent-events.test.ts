import { describe, expect, it } from 'vitest';
import { note, started, thinking, type PublishedEvent } from './support/events.ts';
import { EventStream } from './support/event-stream.ts';
import { startFreezingProxy } from './support/freezing-proxy.ts';
import { call, errorCode, eventsAddress, mustPublish, post, tokenFor, withKey } from './support/http.ts';
import { freshUser, openService, useService } from './support/service.ts';

const service = useService({ WS_COALESCE_MS: '0', WS_HEARTBEAT_MS: '300' });

const notes = (n: number): readonly PublishedEvent[] => Array.from({ length: n }, (_, index) => note(index + 1));
const offsets = (stream: EventStream): readonly unknown[] => stream.events.map(({ data }) => data['offset']);

async function open(user: string, query = '', headers: Record<string, string> = {}): Promise<EventStream> {
  return EventStream.open(eventsAddress(service.url, user, query), { ...withKey, ...headers });
}

describe('the stream as Server-Sent Events', () => {
  it('begins with connection_ready and everything kept, then lives', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(3));
    await using stream = await open(user);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    await stream.until(() => stream.events.length === 3, 'three events');
    expect(stream.blocks[0]).toMatchObject({
      event: 'connection_ready',
      data: { recovery: 'resumed', head_offset: 3 },
    });
    await mustPublish(service.url, user, [started('r1'), thinking('r1', 'Look')]);
    await stream.until(() => stream.events.length === 5, 'five events');
    expect(offsets(stream)).toEqual([1, 2, 3, 4, 5]);
    const epoch = String(stream.blocks[0]?.data['epoch']);
    expect(stream.events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].map((offset) => `${epoch}:${offset}`));
  });

  it('resumes with Last-Event-ID, which wins over the query', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(5));
    let id: string;
    {
      await using first = await open(user);
      await first.until(() => first.events.length >= 3, 'three events');
      id = first.events[2]?.id ?? '';
    }
    await using second = await open(user, '?from=earliest', { 'last-event-id': id });
    await second.until(() => second.events.length === 2, 'the rest');
    expect(offsets(second)).toEqual([4, 5]);
  });

  it.each([
    ['from=earliest', [1, 2, 3]],
    ['from=EPOCH:2', [3]],
    ['from=latest', []],
    ['after=0', [1, 2, 3]],
    ['epoch=EPOCH', [1, 2, 3]],
    ['epoch=EPOCH&after=2', [3]],
    ['after=head', []],
  ])('%s begins there', async (query, before) => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(3));
    const { epoch } = (await call(eventsAddress(service.url, user), { headers: withKey })).body;
    await using stream = await open(user, `?${query.replace('EPOCH', String(epoch))}`);
    await stream.until(() => stream.blocks.length > before.length, 'connection_ready and what is kept');
    await mustPublish(service.url, user, notes(1));
    await stream.until(() => stream.events.length > before.length, 'the new event');
    expect(offsets(stream)).toEqual([...before, 4]);
  });

  it('an offset needs its epoch: after=2 → 400', async () => {
    const headers = { ...withKey, accept: 'text/event-stream' };
    const answer = await call(eventsAddress(service.url, freshUser(), '?after=2'), { headers });
    expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 400, code: 'BAD_REQUEST' });
  });

  it('the id of connection_ready is a position too, also of an empty stream', async () => {
    const user = freshUser();
    let id: string;
    {
      await using first = await open(user);
      await first.until(() => first.blocks.length === 1, 'connection_ready');
      id = first.blocks[0]?.id ?? '';
    }
    await mustPublish(service.url, user, notes(2));
    await using second = await open(user, '', { 'last-event-id': id });
    await second.until(() => second.events.length === 2, 'two events');
    expect(second.blocks[0]?.data).toMatchObject({ recovery: 'resumed', offset: 0 });
  });

  it('a position of another epoch: reset, from the oldest', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(2));
    await using stream = await open(user, '', { 'last-event-id': 'of-another-time:9' });
    await stream.until(() => stream.events.length === 2, 'two events');
    expect(stream.blocks[0]?.data).toMatchObject({ recovery: 'reset' });
  });

  it.each(['nonsense', ':5', 'epoch:', 'epoch:-1', 'epoch:1.5', `${'e'.repeat(200)}:1`])(
    'Last-Event-ID %s → 400',
    async (id) => {
      const answer = await call(eventsAddress(service.url, freshUser()), {
        headers: { ...withKey, accept: 'text/event-stream', 'last-event-id': id },
      });
      expect({ status: answer.status, code: errorCode(answer) }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    },
  );

  it('is kept alive while nothing happens', async () => {
    await using stream = await open(freshUser());
    await stream.until(() => stream.blocks.length === 1, 'connection_ready');
    const text: string[] = [];
    const { body } = await fetch(eventsAddress(service.url, freshUser()), {
      headers: { ...withKey, accept: 'text/event-stream' },
    });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    while (!text.join('').includes(':\n\n')) text.push((await reader?.read())?.value ?? '');
    await reader?.cancel();
  });

  it('ends when its client has not acknowledged it for a while, and goes on by the id', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(2));
    await using stream = await open(user, '?ends_after_ms=1000');
    await stream.toEnd();
    expect(stream.blocks.at(-1)).toMatchObject({ event: 'close', data: { code: 4008 } });
    await mustPublish(service.url, user, notes(1));
    await using next = await open(user, '', { 'last-event-id': stream.events.at(-1)?.id ?? '' });
    await next.until(() => next.events.length === 1, 'the third event');
    expect(next.blocks[0]?.data).toMatchObject({ recovery: 'resumed', offset: 2 });
  });

  it('lives while its client acknowledges it', async () => {
    const user = freshUser();
    const authorization = `Bearer ${await tokenFor(service.url, user)}`;
    await using stream = await EventStream.open(`${service.url}/v1/events?ends_after_ms=1000`, { authorization });
    await stream.until(() => stream.blocks.length === 1, 'connection_ready');
    const ping = { type: 'ping', connection_id: stream.blocks[0]?.data['connection_id'] };
    for (let i = 1; i <= 5; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect((await post(`${service.url}/v1/frames`, ping, { authorization })).status).toBe(204);
    }
    expect(stream.blocks).toHaveLength(1);
    await stream.toEnd();
    expect(stream.blocks.at(-1)?.data).toMatchObject({ code: 4008 });
    expect(errorCode(await post(`${service.url}/v1/frames`, ping, { authorization }))).toBe('NOT_FOUND');
  });

  it('is acknowledged by its own user alone', async () => {
    const user = freshUser();
    await using stream = await open(user);
    await stream.until(() => stream.blocks.length === 1, 'connection_ready');
    const authorization = `Bearer ${await tokenFor(service.url, 'mallory')}`;
    const foreign = { type: 'ping', connection_id: stream.blocks[0]?.data['connection_id'] };
    expect((await post(`${service.url}/v1/frames`, foreign, { authorization })).status).toBe(404);
    const wrong = await post(`${service.url}/v1/frames`, { type: 'ping', connection_id: '' }, { authorization });
    expect({ status: wrong.status, code: errorCode(wrong) }).toEqual({ status: 400, code: 'INVALID_FRAME' });
  });

  it.each(['999', '300001', 'soon'])('ends_after_ms=%s → 400', async (ms) => {
    const headers = { ...withKey, accept: 'text/event-stream' };
    expect((await call(eventsAddress(service.url, freshUser(), `?ends_after_ms=${ms}`), { headers })).status).toBe(400);
  });

  it('whose client is gone without a word leaves the counts', async () => {
    const own = await openService({ WS_HEARTBEAT_MS: '300' });
    await using proxy = await startFreezingProxy(own.url);
    const address = eventsAddress(proxy.url, 'alice', '?ends_after_ms=1000');
    await using stream = await EventStream.open(address, withKey);
    await stream.until(() => stream.blocks.length === 1, 'connection_ready');
    proxy.freeze();
    expect(own.hub.stats().connections).toBe(1);
    await expect.poll(() => own.hub.stats().connections, { timeout: 4_000 }).toBe(0);
    await own.close(0);
  });

  it('is for the user and the key only', async () => {
    const user = freshUser();
    const address = eventsAddress(service.url, user);
    const accept = 'text/event-stream';
    expect((await call(address, { headers: { accept } })).status).toBe(401);
    const foreign = `Bearer ${await tokenFor(service.url, 'mallory')}`;
    expect((await call(address, { headers: { accept, authorization: foreign } })).status).toBe(403);
    const own = `Bearer ${await tokenFor(service.url, user, ['t1'])}`;
    await using stream = await EventStream.open(address, { authorization: own });
    await mustPublish(service.url, user, [
      { ...note(1), thread_id: 't2' },
      { ...note(2), thread_id: 't1' },
    ]);
    await stream.until(() => stream.events.length === 1, 'one event');
    expect(stream.events[0]?.data).toMatchObject({ thread_id: 't1', prev: 0 });
  });

  it('a page that goes away leaves nothing behind', async () => {
    const own = await openService();
    const address = eventsAddress(own.url, 'alice');
    {
      await using stream = await EventStream.open(address, withKey);
      await stream.until(() => stream.blocks.length === 1, 'connection_ready');
      expect(own.hub.stats().connections).toBe(1);
    }
    await expect.poll(() => own.hub.stats().connections).toBe(0);
    await own.close(0);
  });

  it('says that the server goes away, and ends', async () => {
    const own = await openService();
    await using stream = await EventStream.open(eventsAddress(own.url, 'alice'), withKey);
    await stream.until(() => stream.blocks.length === 1, 'connection_ready');
    const closed = own.close();
    await stream.toEnd();
    expect(stream.blocks.slice(-2).map(({ event }) => event)).toEqual(['server_draining', 'close']);
    expect(stream.blocks.at(-1)?.data).toMatchObject({ code: 1012 });
    await closed;
  });
});
