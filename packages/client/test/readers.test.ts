import { describe, expect, it } from 'vitest';
import type { StreamItem } from '../src/stream-item.ts';
import { connected } from './support/setup.ts';
import { settle } from './support/settle.ts';

const offsetOf = (item: StreamItem): unknown => (item.kind === 'event' ? item.event.offset : item.kind);
const thinking = (delta: string) => ['agent_thinking', { delta }] as const;

describe('stream()', () => {
  it('is read at the pace of the loop', async () => {
    const { client, server } = await connected();
    const read: unknown[] = [];
    const items = client.stream();
    for (const text of ['a', 'b', 'c']) server.emit(...thinking(text));
    for await (const item of items) {
      read.push(offsetOf(item));
      if (read.length === 3) break;
    }
    expect(read).toEqual([1, 2, 3]);
  });

  it('ends with the client, after what was buffered', async () => {
    const { client, server } = await connected();
    const items = client.stream();
    server.emit(...thinking('a'));
    client.close();
    const read: unknown[] = [];
    for await (const item of items) read.push(offsetOf(item));
    expect(read).toEqual([1]);
  });

  it('ends with its signal at once, also a loop that waits', async () => {
    const { client, server } = await connected();
    const controller = new AbortController();
    const waiting = client.stream({ signal: controller.signal });
    const next = waiting.next();
    const buffered = client.stream({ signal: controller.signal });
    controller.abort();
    server.emit(...thinking('a'));
    expect((await next).done).toBe(true);
    expect((await buffered.next()).done).toBe(true);
    expect((await client.stream({ signal: AbortSignal.abort() }).next()).done).toBe(true);
  });

  it('serves several waits in order', async () => {
    const { client, server } = await connected();
    const items = client.stream();
    const reads = Promise.all([items.next(), items.next()]);
    server.emit(...thinking('a'));
    server.emit(...thinking('b'));
    expect((await reads).map(({ value }) => offsetOf(value as StreamItem))).toEqual([1, 2]);
  });
});

describe('a slow reader', () => {
  it('costs the connection, no event and no memory', async () => {
    const { client, server, statuses } = await connected({ bufferSize: 4 });
    const items = client.stream();
    const handled: unknown[] = [];
    client.on('*', (event) => handled.push(event.offset));
    for (let index = 1; index <= 10; index += 1) server.append(...thinking(`${index}`));
    server.connection.send(server.after(0));
    expect(client.state.status).toBe('paused');
    expect(handled).toEqual([1, 2, 3, 4]);
    expect(server.connections[0]?.closedWith).toBe(1000);

    const read: unknown[] = [];
    for await (const item of items) {
      read.push(offsetOf(item));
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
    const items = client.stream();
    for (const text of ['a', 'b', 'c']) server.emit(...thinking(text));
    expect(client.state.status).toBe('paused');
    await items.return?.();
    await settle();
    expect(client.state.status).toBe('live');
    expect(client.position?.offset).toBe(3);
  });

  it('holds back the acknowledgement, and the position saved', async () => {
    const saved: unknown[] = [];
    const store = { load: () => null, save: (position: unknown) => void saved.push(position) };
    const { client, server, clock } = await connected({ store });
    const items = client.stream();
    for (const text of ['a', 'b', 'c']) server.emit(...thinking(text));
    await items.next();
    await items.next();
    await clock.advance(1_000);
    expect(server.connection.frames('ack').at(-1)).toEqual({ type: 'ack', offset: 1 });
    expect(saved.at(-1)).toEqual({ epoch: 'e1', offset: 1, userId: 'u1' });
    void items.next();
    void items.next();
    await clock.advance(1_000);
    expect(server.connection.frames('ack').at(-1)).toEqual({ type: 'ack', offset: 3 });
    await items.return?.();
  });
});

describe('the order of a loop', () => {
  it('has events that wait for the log, without a place, and their numbered copies', async () => {
    const { client, server } = await connected();
    const items = client.stream();
    const { offset, ...event } = server.append(...thinking('a'));
    server.connection.send({ ...event, volatile: true });
    server.connection.send({ ...event, offset });
    expect([(await items.next()).value, (await items.next()).value]).toMatchObject([
      { kind: 'volatile', event: { event_id: event.event_id } },
      { kind: 'event', event: { offset: 1 }, replaces: 'volatile' },
    ]);
  });

  it('has resets and snapshots in their place', async () => {
    const { client, server, clock } = await connected();
    const items = client.stream();
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
