import { describe, expect, it } from 'vitest';
import { connected } from './support/setup.ts';
import { settle } from './support/settle.ts';

const thinking = (delta: string) => ['agent_thinking', { delta }] as const;

describe('events()', () => {
  it('is read at the pace of the loop', async () => {
    const { client, server } = await connected();
    const read: unknown[] = [];
    const events = client.events();
    for (const text of ['a', 'b', 'c']) server.emit(...thinking(text));
    for await (const event of events) {
      read.push(event.offset);
      if (read.length === 3) break;
    }
    expect(read).toEqual([1, 2, 3]);
  });

  it('ends with the client, after what was buffered', async () => {
    const { client, server } = await connected();
    const events = client.events();
    server.emit(...thinking('a'));
    client.close();
    const read: unknown[] = [];
    for await (const event of events) read.push(event.offset);
    expect(read).toEqual([1]);
  });

  it('ends with its signal at once, also a loop that waits', async () => {
    const { client, server } = await connected();
    const controller = new AbortController();
    const waiting = client.events({ signal: controller.signal });
    const next = waiting.next();
    const buffered = client.events({ signal: controller.signal });
    controller.abort();
    server.emit(...thinking('a'));
    expect((await next).done).toBe(true);
    expect((await buffered.next()).done).toBe(true);
    expect((await client.events({ signal: AbortSignal.abort() }).next()).done).toBe(true);
  });

  it('serves several waits in order', async () => {
    const { client, server } = await connected();
    const events = client.events();
    const reads = Promise.all([events.next(), events.next()]);
    server.emit(...thinking('a'));
    server.emit(...thinking('b'));
    expect((await reads).map(({ value }) => (value as { offset: number }).offset)).toEqual([1, 2]);
  });
});

describe('a slow reader', () => {
  it('costs the connection, no event and no memory', async () => {
    const { client, server, statuses } = await connected({ bufferSize: 4 });
    const events = client.events();
    const handled: unknown[] = [];
    client.on('*', (event) => handled.push(event.offset));
    for (let index = 1; index <= 10; index += 1) server.append(...thinking(`${index}`));
    server.connection.send(server.after(0));
    expect(client.state.status).toBe('paused');
    expect(handled).toEqual([1, 2, 3, 4]);
    expect(server.connections[0]?.closedWith).toBe(1000);

    const read: unknown[] = [];
    for await (const event of events) {
      read.push(event.offset);
      await settle();
      if (read.length === 10) break;
    }
    expect(read).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(handled).toEqual(read);
    expect(statuses()).toContain('paused');
    expect(client.state.status).toBe('live');
  });

  it('that goes away lets the client go on', async () => {
    const { client, server } = await connected({ bufferSize: 1 });
    const events = client.events();
    for (const text of ['a', 'b', 'c']) server.emit(...thinking(text));
    expect(client.state.status).toBe('paused');
    await events.return?.();
    await settle();
    expect(client.state.status).toBe('live');
    expect(client.position?.offset).toBe(3);
  });

  it('holds back the acknowledgement, and the position saved', async () => {
    const saved: unknown[] = [];
    const store = { load: () => null, save: (position: unknown) => void saved.push(position) };
    const { client, server, clock } = await connected({ store });
    const events = client.events();
    for (const text of ['a', 'b', 'c']) server.emit(...thinking(text));
    await events.next();
    await events.next();
    await clock.advance(1_000);
    expect(server.connection.frames('ack').at(-1)).toEqual({ type: 'ack', offset: 1 });
    expect(saved.at(-1)).toEqual({ epoch: 'e1', offset: 1, userId: 'u1' });
    void events.next();
    void events.next();
    await clock.advance(1_000);
    expect(server.connection.frames('ack').at(-1)).toEqual({ type: 'ack', offset: 3 });
    await events.return?.();
  });
});

describe('items()', () => {
  it('has resets and snapshots in their place', async () => {
    const { client, server, clock } = await connected();
    const items = client.items();
    server.emit(...thinking('a'));
    server.loseLog();
    server.append(...thinking('b'));
    server.connection.close(1006);
    await clock.advance(500);
    const kinds: unknown[] = [];
    for await (const item of items) {
      kinds.push(item.kind === 'event' ? [item.event.offset, item.replay] : item.kind);
      if (kinds.length === 3) break;
    }
    expect(kinds).toEqual([[1, false], 'reset', [1, true]]);
  });
});
