import assert from 'node:assert/strict';
import type { EventLog } from '@ws/core';
import type { LogEvent, StreamKey } from '@ws/core/log';
import { appendNew, assertChain, eventually, pause, readAll } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'subscription';
const stream = sampleStream();
const SETTLE_MS = 50;

interface Heard {
  readonly epochs: Set<string>;
  readonly events: LogEvent[];
  readonly unsubscribe: () => void;
}

function listen(log: EventLog, key: StreamKey = stream): Heard {
  const epochs = new Set<string>();
  const events: LogEvent[] = [];
  const unsubscribe = log.subscribe(key, (epoch, told) => {
    epochs.add(epoch);
    events.push(...told);
  });
  return { epochs, events, unsubscribe };
}

export const subscriptionCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'tells of what is appended, as a read gives it',
    run: async ({ open }) => {
      const log = await open();
      const heard = listen(log);
      await appendNew(log, stream, sampleEvents(2));
      await appendNew(log, stream, sampleEvents(1, 'more'));
      await eventually(() => assert.equal(heard.events.length, 3));
      assert.deepEqual(heard.events, await readAll(log, stream));
      assert.deepEqual([...heard.epochs], [(await log.head(stream)).epoch]);
    },
  },
  {
    topic,
    name: 'tells of every event once and in order, however many appends run at once',
    run: async ({ open }) => {
      const log = await open();
      const heard = listen(log);
      await Promise.all(Array.from({ length: 20 }, async (_, n) => log.append(stream, sampleEvents(3, `batch-${n}`))));
      await eventually(() => assert.equal(heard.events.length, 60));
      assertChain(heard.events, 0);
      assert.deepEqual(heard.events, await readAll(log, stream));
    },
  },
  {
    topic,
    name: 'does not tell of duplicates, nor of a conflict',
    run: async ({ open }) => {
      const log = await open();
      await appendNew(log, stream, sampleEvents(2));
      const heard = listen(log);
      await log.append(stream, [sampleEvent('event-1'), sampleEvent('new'), sampleEvent('event-2')]);
      await log.append(stream, sampleEvents(2));
      await log.append(stream, [sampleEvent('x')], { epoch: 'other', offset: 0 });
      await appendNew(log, stream, [sampleEvent('last')]);
      await eventually(() => assert.equal(heard.events.at(-1)?.eventId, 'last'));
      assert.deepEqual(
        heard.events.map(({ eventId }) => eventId),
        ['new', 'last'],
      );
    },
  },
  {
    topic,
    name: 'tells only from now on, and of one stream',
    run: async ({ open }) => {
      const log = await open();
      await appendNew(log, stream, sampleEvents(2));
      const heard = listen(log);
      await appendNew(log, sampleStream('bob'), sampleEvents(2));
      await appendNew(log, stream, [sampleEvent('now')]);
      await eventually(() => assert.equal(heard.events.length, 1));
      assert.equal(heard.events[0]?.eventId, 'now');
    },
  },
  {
    topic,
    name: 'what it tells of can be read at once',
    run: async ({ open }) => {
      const log = await open();
      const reads: Promise<readonly LogEvent[]>[] = [];
      log.subscribe(stream, (_epoch, events) => {
        reads.push(readAll(log, stream, (events[0]?.offset ?? 0) - 1));
      });
      const offsets = await appendNew(log, stream, sampleEvents(2));
      await eventually(() => assert.equal(reads.length, 1));
      assert.deepEqual(
        (await reads[0])?.map(({ offset }) => offset),
        offsets,
      );
    },
  },
  {
    topic,
    name: 'ends when it is told to, for that listener alone',
    run: async ({ open }) => {
      const log = await open();
      const [ended, going] = [listen(log), listen(log)];
      await appendNew(log, stream, [sampleEvent('a')]);
      await eventually(() => assert.equal(ended.events.length + going.events.length, 2));
      ended.unsubscribe();
      ended.unsubscribe();
      await appendNew(log, stream, [sampleEvent('b')]);
      await eventually(() => assert.equal(going.events.length, 2));
      await pause(SETTLE_MS);
      assert.equal(ended.events.length, 1);
    },
  },
  {
    topic,
    name: 'a listener may append, subscribe and end itself',
    run: async ({ open }) => {
      const log = await open();
      const follow = new Promise<void>((resolve, reject) => {
        const unsubscribe = log.subscribe(stream, () => {
          unsubscribe();
          listen(log).unsubscribe();
          Promise.resolve(log.append(stream, [sampleEvent('reply')])).then(() => resolve(), reject);
        });
      });
      await appendNew(log, stream, [sampleEvent('call')]);
      await follow;
      assert.deepEqual(
        (await readAll(log, stream)).map(({ eventId }) => eventId),
        ['call', 'reply'],
      );
    },
  },
];
