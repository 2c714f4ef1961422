import { describe, expect, it } from 'vitest';
import { note, started, thinking, type PublishedEvent } from './support/events.ts';
import { EventStream } from './support/event-stream.ts';
import { call, errorCode, eventsAddress, mustPublish, tokenFor, withKey } from './support/http.ts';
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
    await using second = await open(user, '?after=0', { 'last-event-id': id });
    await second.until(() => second.events.length === 2, 'the rest');
    expect(offsets(second)).toEqual([4, 5]);
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
