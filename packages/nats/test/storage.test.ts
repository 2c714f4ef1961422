import { connect } from '@nats-io/transport-node';
import { streamKey, type NewLogEvent } from '@ws/core/log';
import { toThreadId, toUserId } from '@ws/types';
import { append, event, idsOf, listen, stream, until } from '@ws/test-support';
import { describe, expect, test } from 'vitest';
import type { NatsEventLog } from '../src/index.ts';
import { withManager } from './support/jetstream.ts';
import { useServer } from './support/log-server.ts';
import { NATS } from './support/nats-program.ts';

const MIB = 1_048_576;
const FOREVER = { maxEvents: Infinity, maxBytes: Infinity, maxAgeMs: Infinity };

function many(count: number, prefix: string, bytes = 10): NewLogEvent[] {
  return Array.from({ length: count }, (_, n) => event(`${prefix}-${n}`, JSON.stringify('x'.repeat(bytes))));
}

async function offsetsOf(log: NatsEventLog, events: readonly NewLogEvent[]): Promise<readonly number[]> {
  const result = await log.append(stream, events);
  if (result.kind !== 'appended') throw new Error('conflict');
  return result.events.map(({ offset }) => offset);
}

describe.skipIf(NATS.isSkipped)('what lies in JetStream', () => {
  const use = useServer();

  /** Messages on a subject of the log's stream of events. */
  function countOf(prefix: string, kind: 'events' | 'parts', user = 'alice'): Promise<number> {
    return withManager(use.server, async (jsm) => {
      const subject = `${prefix}.${kind}.${user}`;
      const { state } = await jsm.streams.info(`${prefix.toUpperCase()}_EVENTS`, { subjects_filter: subject });
      return state.subjects?.[subject] ?? 0;
    });
  }

  test.each([
    ['more events than a message has offsets for', 5_000, 10],
    ['more bytes than a message may have', 6, MIB / 2],
    ['both', 3_000, 1_000],
  ])('an append of %s is whole, and others are told of it', async (_what, count, bytes) => {
    const prefix = use.newPrefix();
    const [one, two] = [use.open({ prefix }), use.open({ prefix })];
    await append(one, 'before');
    const heard = await listen(two);
    const events = many(count, 'large', bytes);
    const offsets = await offsetsOf(one, events);
    await append(two, 'after');
    const ids = ['before', ...events.map(({ eventId }) => eventId as string), 'after'];
    expect(await idsOf(two)).toEqual(ids);
    await until(() => expect(heard.ids()).toEqual(ids.slice(1)));
    expect(heard.offsets().slice(0, -1)).toEqual(offsets);
    // One event at a time: two of half a mebibyte are more than a page holds.
    for (const at of [1, 2]) {
      const page = await two.read(stream, offsets[at] ?? 0, 1);
      expect(page.events.map(({ eventId, data }) => [eventId, data.length])).toEqual([[ids[at + 2], bytes + 2]]);
    }
  });

  test('the parts of large appends go with them, and not before', async () => {
    const prefix = use.newPrefix();
    const log = use.open({ prefix });
    const first = await offsetsOf(log, many(2_500, 'one'));
    const second = await offsetsOf(log, many(2_500, 'two'));
    expect([await countOf(prefix, 'events'), await countOf(prefix, 'parts')]).toEqual([2, 4]);
    await log.trim(stream, first[1_200] ?? 0, 'fold');
    expect((await idsOf(use.open({ prefix }))).length).toBe(2_500 - 1_201 + 2_500);
    await log.trim(stream, second[0] ?? 0, 'fold');
    await until(async () => expect([await countOf(prefix, 'events'), await countOf(prefix, 'parts')]).toEqual([1, 2]));
    expect((await idsOf(use.open({ prefix }))).length).toBe(2_499);
    await log.trim(stream, Infinity, 'fold');
    await until(async () => expect([await countOf(prefix, 'events'), await countOf(prefix, 'parts')]).toEqual([0, 0]));
  });

  test('of two processes with large appends at once each is whole, and what lost the race leaves nothing behind', async () => {
    const prefix = use.newPrefix();
    const logs = [use.open({ prefix }), use.open({ prefix })];
    await Promise.all(logs.map(async (log, index) => log.append(stream, many(2_500, `from-${index}`))));
    const ids = await idsOf(use.open({ prefix }));
    expect(ids.length).toBe(5_000);
    expect(new Set(ids.slice(0, 2_500).map((id) => id.slice(0, 6))).size).toBe(1);
    await until(async () => expect(await countOf(prefix, 'parts')).toBe(4));
  });

  test('a checkpoint larger than a message is kept whole, and its parts go with the next', async () => {
    const prefix = use.newPrefix();
    const log = use.open({ prefix });
    const [first = 0, second = 0] = [await offsetsOf(log, [event('a')]), await offsetsOf(log, [event('b')])].flat();
    await append(log, 'c');
    const checkpoint = 'ü'.repeat(MIB);
    await log.trim(stream, first, checkpoint);
    expect((await use.open({ prefix }).head(stream)).checkpoint).toBe(checkpoint);
    await log.trim(stream, second, 'small');
    expect((await use.open({ prefix }).head(stream)).checkpoint).toBe('small');
    await append(log, 'd');
    await log.trim(stream, Infinity, 'gone');
    await until(async () => expect(await countOf(prefix, 'parts')).toBe(0));
  });

  test.each(['a.b', '*', '>', '100%', 'grüße', '🎉', 'x'.repeat(128)])('a user called %s', async (user) => {
    const prefix = use.newPrefix();
    const log = use.open({ prefix });
    const streams = [streamKey(toUserId(user)), streamKey(toUserId(user), toThreadId('t.1'))];
    for (const key of streams) {
      const heard = await listen(log, key);
      await log.append(key, [event('a')]);
      await until(() => expect(heard.ids()).toEqual(['a']));
      await log.trim(key, Infinity, 'fold');
      expect(await log.head(key)).toMatchObject({ checkpoint: 'fold' });
    }
    expect((await log.head(stream)).head).toBe(0);
  });

  test('without room for ids in memory everything is as with it', async () => {
    const prefix = use.newPrefix();
    const log = use.open({ prefix, maxIndexedEvents: 0 });
    const other = streamKey(toUserId('bob'));
    for (let round = 0; round < 3; round += 1) {
      await append(log, `${round}-a`, `${round}-b`);
      await log.append(other, [event(`${round}`)]);
    }
    await append(log, '0-a', '2-b', 'last');
    expect(await idsOf(log)).toEqual(['0-a', '0-b', '1-a', '1-b', '2-a', '2-b', 'last']);
    expect(await log.trimmable(stream, { ...FOREVER, maxEvents: 1 }, 0)).toBeGreaterThan(0);
  });

  test('what was trimmed is deleted to the last message, and numbers go on from there, in every process', async () => {
    const prefix = use.newPrefix();
    const [one, two] = [use.open({ prefix }), use.open({ prefix })];
    for (const id of ['a', 'b', 'c']) await append(one, id);
    await append(two, 'd');
    const heard = await listen(two);
    const { epoch, head } = await one.head(stream);
    await one.trim(stream, Infinity, 'fold');
    await until(async () => expect(await countOf(prefix, 'events')).toBe(0));
    const emptied = { epoch, oldest: head + 1, head, checkpoint: 'fold' };
    for (const log of [one, two, use.open({ prefix })]) expect(await log.head(stream)).toEqual(emptied);
    expect(await two.append(stream, [event('e')], { epoch, offset: head })).toMatchObject({ kind: 'appended' });
    expect((await one.read(stream, head, 10)).events).toMatchObject([{ eventId: 'e', prev: head }]);
    expect(await append(one, 'a', 'f')).toBe(epoch);
    await until(() => expect(heard.ids()).toEqual(['e', 'a', 'f']));
    expect(heard.epochs()).toEqual([epoch]);
  });

  test('a message that somebody else published is LOG_CORRUPT where it is met, for that user alone', async () => {
    const prefix = use.newPrefix();
    const log = use.open({ prefix });
    await append(log, 'a');
    const heard = await listen(log);
    await withManager(use.server, (jsm) => jsm.jetstream().publish(`${prefix}.events.alice`, 'hello'));
    await expect(log.read(stream, 0, 10)).rejects.toMatchObject({ code: 'LOG_CORRUPT' });
    await expect(append(log, 'b')).rejects.toMatchObject({ code: 'LOG_CORRUPT' });
    expect(heard.ids()).toEqual([]);
    await log.append(streamKey(toUserId('bob')), [event('a')]);
  });

  test.each([
    ['an age', { max_age: 1_000_000_000 }],
    ['a size', { max_bytes: 1_000_000 }],
    ['fewer messages for each user', { max_msgs_per_subject: 100 }],
  ])('a stream with %s is LOG_CORRUPT, and says which setting', async (_what, setting) => {
    const prefix = use.newPrefix();
    await append(use.open({ prefix }), 'a');
    await withManager(use.server, (jsm) => jsm.streams.update(`${prefix.toUpperCase()}_EVENTS`, setting));
    const log = use.open({ prefix, commandTimeoutMs: 1_000 });
    await expect(append(log, 'b')).rejects.toMatchObject({
      message: expect.stringContaining(Object.keys(setting)[0] ?? '') as string,
    });
    expect(await log.healthy()).toBe(false);
  });

  test('a connection of the caller’s is used, and left open', async () => {
    const connection = await connect({ servers: use.server.url, maxReconnectAttempts: -1 });
    const log = use.open({ connection, prefix: use.newPrefix() });
    await append(log, 'a');
    expect(await idsOf(log)).toEqual(['a']);
    await log.close();
    expect(connection.isClosed()).toBe(false);
    await connection.close();
  });

  test('leases of many runs are there for other processes', async () => {
    const prefix = use.newPrefix();
    const [one, two] = [use.open({ prefix }), use.open({ prefix })];
    const leases = Array.from({ length: 1_200 }, (_, n) => ({
      stream,
      runId: `run-${n}` as never,
      expiresAt: 5_000 - n,
    }));
    await one.leases.set(leases);
    const expired = await two.leases.expired(4_500, 100);
    expect(expired.map(({ runId }) => runId as string)).toEqual(
      Array.from({ length: 100 }, (_, n) => `run-${1_199 - n}`),
    );
  });
});

describe.skipIf(NATS.isSkipped)('who may', () => {
  const use = useServer('authorization { user: app, password: right }');

  test('the right password opens, the wrong one is LOG_UNAVAILABLE and is not shown', async () => {
    const host = use.server.url.slice('nats://'.length);
    await append(use.open({ url: `nats://app:right@${host}` }), 'a');
    const wrong = use.open({ url: `nats://app:hunter2@${host}`, commandTimeoutMs: 1_000 });
    const fault = await append(wrong, 'b').catch((error: unknown) => error);
    expect(fault).toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message: expect.stringContaining('Authorization') as string,
    });
    expect(JSON.stringify([String(fault), fault])).not.toContain('hunter2');
    expect(await wrong.healthy()).toBe(false);
  });
});

test('without a server the first call fails in time, and the log is not healthy', async () => {
  const { openNatsLog } = await import('../src/index.ts');
  const log = openNatsLog({ url: 'nats://127.0.0.1:1', commandTimeoutMs: 300 });
  await expect(append(log, 'a')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  expect(await log.healthy()).toBe(false);
  expect(log.durability).toMatch(/^unknown/);
  await log.close();
});
