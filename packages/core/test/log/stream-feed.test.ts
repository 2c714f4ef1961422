import type { StreamPosition } from '@ws/types';
import { expect, test, vi } from 'vitest';
import type { LogEvent } from '../../src/log.ts';
import { StreamFeed, type AppendNotice, type FeedSource } from '../../src/log/stream-feed.ts';
import { logEvent } from '../support/log-events.ts';

const until = vi.waitFor;

/** A stream in memory, with messages that the test sends or keeps to itself. */
class FakeStream implements FeedSource {
  epoch = 'one';
  readonly events: LogEvent[] = [];
  readonly feed = new StreamFeed(this);
  readonly heard: string[] = [];
  readonly epochs: string[] = [];
  subscriptions = 0;
  isAway = false;

  constructor(count = 0) {
    this.append(count);
    this.feed.add((epoch, events) => {
      this.epochs.push(epoch);
      this.heard.push(...events.map(({ eventId, offset }) => `${eventId}@${offset}`));
    });
  }

  append(count = 1): readonly LogEvent[] {
    const added = Array.from({ length: count }, (_, index) => {
      const offset = this.events.length + index + 1;
      return logEvent(offset, { type: 'test' });
    });
    this.events.push(...added);
    return added;
  }

  /** The message about events. */
  notice(events: readonly LogEvent[], withEvents = true): AppendNotice {
    const prev = (events[0]?.offset ?? 1) - 1;
    return { epoch: this.epoch, prev, last: prev + events.length, events: () => (withEvents ? events : []) };
  }

  async position(): Promise<StreamPosition | undefined> {
    if (this.isAway) throw new Error('away');
    return this.events.length === 0 ? undefined : { epoch: this.epoch, offset: this.events.length };
  }

  async read(after: number, limit: number) {
    if (this.isAway) throw new Error('away');
    return { epoch: this.epoch, events: this.events.slice(after, after + limit) };
  }

  async renewEpoch(): Promise<void> {
    this.epoch = 'renewed';
  }

  async subscribe(): Promise<void> {
    this.subscriptions += 1;
    if (this.isAway) throw new Error('away');
  }

  unsubscribe(): void {
    this.subscriptions -= 1;
  }
}

test('messages in order bring their events, and are told as they are', async () => {
  const stream = new FakeStream(2);
  await stream.feed.start();
  stream.feed.heard(stream.notice(stream.append()));
  stream.feed.heard(stream.notice(stream.append(2)));
  expect(stream.heard).toEqual(['e3@3', 'e4@4', 'e5@5']);
});

test('what was appended between the call and the subscription is read', async () => {
  const stream = new FakeStream(1);
  const started = stream.feed.start();
  stream.append(2);
  await started;
  await until(() => expect(stream.heard).toEqual(['e2@2', 'e3@3']));
});

test('a message again, and one of an own append, are told once', async () => {
  const stream = new FakeStream();
  await stream.feed.start();
  const [first, second] = [stream.append(), stream.append()];
  stream.feed.appended(stream.epoch, first);
  stream.feed.heard(stream.notice(first));
  stream.feed.heard(stream.notice(second));
  stream.feed.appended(stream.epoch, second);
  expect(stream.heard).toEqual(['e1@1', 'e2@2']);
});

test('a gap is read, and what arrives meanwhile is told once', async () => {
  const stream = new FakeStream(1);
  await stream.feed.start();
  stream.append(3);
  const fifth = stream.notice(stream.append());
  stream.feed.heard(fifth);
  stream.feed.heard(stream.notice(stream.append()));
  await until(() => expect(stream.heard).toEqual(['e2@2', 'e3@3', 'e4@4', 'e5@5', 'e6@6']));
});

test.each([
  ['without events', (stream: FakeStream) => stream.notice(stream.append(2), false)],
  ['that can not be read', (stream: FakeStream) => void stream.append(2)],
])('a message %s makes it read', async (_name, notice) => {
  const stream = new FakeStream();
  await stream.feed.start();
  stream.feed.heard(notice(stream));
  await until(() => expect(stream.heard).toEqual(['e1@1', 'e2@2']));
});

test('numbers with holes: an event that says which one came before it is no gap, unless that one is missing', async () => {
  const stream = new FakeStream();
  await stream.feed.start();
  const [first, second, third] = [10, 20, 30].map((offset) => ({
    ...logEvent(offset, { type: 'test' }),
    prev: offset - 10,
  })) as [LogEvent, LogEvent, LogEvent];
  stream.feed.appended(stream.epoch, [first]);
  stream.feed.appended(stream.epoch, [second]);
  expect(stream.heard).toEqual(['e10@10', 'e20@20']);
  const reads = vi.spyOn(stream, 'read').mockResolvedValue({ epoch: stream.epoch, events: [] });
  stream.feed.heard({ epoch: stream.epoch, prev: 25, last: 30, events: () => [third] });
  expect(reads).toHaveBeenCalledWith(20, expect.any(Number));
});

test('a check finds a last event of which no message told', async () => {
  const stream = new FakeStream(1);
  await stream.feed.start();
  stream.append();
  await stream.feed.check();
  await until(() => expect(stream.heard).toEqual(['e2@2']));
});

test('a subscription that stays silent is made again', async () => {
  const stream = new FakeStream(1);
  await stream.feed.start();
  for (let round = 0; round < 2; round += 1) {
    stream.append();
    await stream.feed.check();
    await until(() => expect(stream.heard).toHaveLength(round + 1));
  }
  expect(stream.subscriptions).toBe(2);
});

test('a server that was away at first: the newest event is told, so that the gap before it shows', async () => {
  const stream = new FakeStream(5);
  stream.isAway = true;
  await stream.feed.start();
  stream.isAway = false;
  await stream.feed.check();
  await until(() => expect(stream.heard).toEqual(['e5@5']));
  expect(stream.subscriptions).toBeGreaterThan(1);
});

test('a stream that is numbered anew is told from its beginning', async () => {
  const stream = new FakeStream(3);
  await stream.feed.start();
  stream.events.length = 0;
  stream.epoch = 'two';
  stream.feed.heard(stream.notice(stream.append(2)));
  await until(() => expect(stream.heard).toEqual(['e1@1', 'e2@2']));
  expect(stream.epochs).toEqual(['two']);
});

test('a head that lies before what was told begins a new epoch', async () => {
  const stream = new FakeStream();
  await stream.feed.start();
  stream.feed.heard(stream.notice(stream.append(3)));
  stream.events.length = 2;
  await stream.feed.check();
  await until(() => expect(stream.epochs).toEqual(['one', 'renewed']));
});

test('a fault of one listener is its own', async () => {
  const stream = new FakeStream();
  const faults: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => faults.push(error));
  const late = new StreamFeed(stream);
  const heard: string[] = [];
  late.add(() => {
    throw new Error('mine');
  });
  late.add((_epoch, events) => heard.push(...events.map(({ eventId }) => eventId)));
  await late.start();
  late.heard(stream.notice(stream.append()));
  await until(() => expect(faults).toHaveLength(1));
  process.removeAllListeners('uncaughtException');
  for (const listener of others) process.on('uncaughtException', listener);
  expect(heard).toEqual(['e1']);
});
