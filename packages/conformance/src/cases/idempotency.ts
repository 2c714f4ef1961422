import assert from 'node:assert/strict';
import { toEventId } from '@ws/types';
import { appendNew, assertAppended, readAll, readIds } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'idempotency';
const stream = sampleStream();

export const idempotencyCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'an event id that is there is not written again, and its first offset is answered',
    run: async ({ open }) => {
      const log = await open();
      const [, second = 0] = await appendNew(log, stream, sampleEvents(3));
      const again = await log.append(stream, [sampleEvent('event-2', { data: '{"other":true}' })]);
      assert.deepEqual(assertAppended(again), [{ offset: second, duplicate: true }]);
      const events = await readAll(log, stream);
      assert.equal(events.length, 3);
      assert.equal(events[1]?.data, sampleEvent('event-2').data, 'the first one stays');
    },
  },
  {
    topic,
    name: 'holds within one append',
    run: async ({ open }) => {
      const log = await open();
      const appended = assertAppended(
        await log.append(stream, [sampleEvent('a'), sampleEvent('b'), sampleEvent('a'), sampleEvent('c')]),
      );
      assert.deepEqual(
        appended.map(({ duplicate }) => duplicate),
        [false, false, true, false],
      );
      assert.equal(appended[2]?.offset, appended[0]?.offset);
      assert.deepEqual(await readIds(log, stream), ['a', 'b', 'c']);
    },
  },
  {
    topic,
    name: 'new events beside known ones are written without a hole',
    run: async ({ open, capabilities }) => {
      const log = await open();
      await appendNew(log, stream, sampleEvents(2));
      const appended = assertAppended(
        await log.append(stream, [sampleEvent('new-1'), sampleEvent('event-1'), sampleEvent('new-2')]),
      );
      assert.deepEqual(await readIds(log, stream), ['event-1', 'event-2', 'new-1', 'new-2']);
      if (capabilities.denseOffsets) {
        assert.deepEqual(
          appended.map(({ offset }) => offset),
          [3, 1, 4],
        );
      }
    },
  },
  {
    topic,
    name: 'the same event from many at once is one event',
    run: async ({ open }) => {
      const log = await open();
      const results = await Promise.all(Array.from({ length: 8 }, async () => log.append(stream, [sampleEvent('a')])));
      const appended = results.flatMap((result) => assertAppended(result));
      assert.equal(appended.filter(({ duplicate }) => !duplicate).length, 1);
      assert.equal(new Set(appended.map(({ offset }) => offset)).size, 1);
      assert.deepEqual(await readIds(log, stream), ['a']);
    },
  },
  {
    topic,
    name: 'a repeated append with its first ifHead meets a conflict, and the ids can be looked up',
    run: async ({ open }) => {
      const log = await open();
      const { epoch } = await log.head(stream);
      const offsets = await appendNew(log, stream, sampleEvents(2), { epoch, offset: 0 });
      const again = await log.append(stream, sampleEvents(2), { epoch, offset: 0 });
      assert.equal(again.kind, 'conflict');
      assert.deepEqual(await log.lookup(stream, [toEventId('event-1'), toEventId('event-2')]), offsets);
    },
  },
  {
    topic,
    name: 'lookup answers in the order of the question, undefined for what is not there',
    run: async ({ open }) => {
      const log = await open();
      const [first, second] = await appendNew(log, stream, sampleEvents(2));
      const ids = ['event-2', 'nowhere', 'event-1'].map(toEventId);
      assert.deepEqual(await log.lookup(stream, ids), [second, undefined, first]);
      assert.deepEqual(await log.lookup(sampleStream('bob'), ids), [undefined, undefined, undefined]);
      assert.deepEqual(await log.lookup(stream, []), []);
    },
  },
  {
    topic,
    name: 'an event id that was let go is new again',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(3));
      await log.trim(stream, offsets[1] ?? 0, '');
      const ids = ['event-1', 'event-2', 'event-3'].map(toEventId);
      assert.deepEqual(await log.lookup(stream, ids), [undefined, undefined, offsets[2]]);
      const appended = assertAppended(await log.append(stream, [sampleEvent('event-3'), sampleEvent('event-1')]));
      assert.deepEqual(
        appended.map(({ duplicate }) => duplicate),
        [true, false],
      );
      assert.deepEqual(await readIds(log, stream), ['event-3', 'event-1']);
      assert.deepEqual(await log.lookup(stream, ids.slice(0, 1)), [appended[1]?.offset]);
    },
  },
  {
    topic,
    name: 'outlives a restart',
    needs: 'reopen',
    run: async ({ open, reopen, capabilities }) => {
      const log = await open();
      const [first = 0] = await appendNew(log, stream, sampleEvents(2));
      const restarted = await reopen(log);
      const appended = assertAppended(await restarted.append(stream, [sampleEvent('event-1')]));
      if (capabilities.durable) assert.deepEqual(appended, [{ offset: first, duplicate: true }]);
      else assert.equal(appended[0]?.duplicate, false, 'what is lost is no duplicate');
    },
  },
];
