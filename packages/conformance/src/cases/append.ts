import assert from 'node:assert/strict';
import type { NewLogEvent } from '@ws/core/log';
import { toThreadId } from '@ws/types';
import { appendNew, assertChain, readAll, readIds } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'append';
const stream = sampleStream();

const AWKWARD_DATA: readonly string[] = [
  '{}',
  '{ "spaced" :  "kept",\n "z":1, "a":2 }',
  JSON.stringify({ text: 'grüße 你好 🎉 \u2028 \u0000 "quoted" \\ back' }),
  JSON.stringify({ lone: '\ud800' }),
  JSON.stringify({ long: 'x'.repeat(200_000) }),
  '{"number":12345678901234567890.000001}',
];

export const appendCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'numbers the events of a new stream from 1, one after the other',
    run: async ({ open, capabilities }) => {
      const log = await open();
      const offsets = [
        ...(await appendNew(log, stream, sampleEvents(2))),
        ...(await appendNew(log, stream, sampleEvents(3, 'more'))),
      ];
      if (capabilities.denseOffsets) assert.deepEqual(offsets, [1, 2, 3, 4, 5]);
      const events = await readAll(log, stream);
      assert.deepEqual(
        events.map(({ offset }) => offset),
        offsets,
      );
      assertChain(events, 0);
    },
  },
  {
    topic,
    name: 'gives back every field as it was',
    run: async ({ open }) => {
      const log = await open();
      const { eventId, type, timestamp, data } = sampleEvent('bare');
      const written: NewLogEvent[] = [
        sampleEvent('full', { type: 'app/invoice.ready', threadId: toThreadId('thread-2'), timestamp: 1 }),
        { eventId, type, timestamp, data },
      ];
      await appendNew(log, stream, written);
      const events = await readAll(log, stream);
      assert.deepEqual(
        events.map(({ offset: _offset, prev: _prev, ...event }) => event),
        written,
      );
    },
  },
  {
    topic,
    name: 'keeps data to the letter',
    run: async ({ open }) => {
      const log = await open();
      await appendNew(
        log,
        stream,
        AWKWARD_DATA.map((data, index) => sampleEvent(`event-${index}`, { data })),
      );
      const events = await readAll(log, stream);
      assert.deepEqual(
        events.map(({ data }) => data),
        AWKWARD_DATA,
      );
    },
  },
  {
    topic,
    name: 'of no events writes nothing',
    run: async ({ open }) => {
      const log = await open();
      const [offset = 0] = await appendNew(log, stream, sampleEvents(1));
      const result = await log.append(stream, []);
      const { head, epoch } = await log.head(stream);
      assert.deepEqual(result, { kind: 'appended', epoch, events: [] });
      assert.equal(head, offset);
    },
  },
  {
    topic,
    name: 'of many events at once keeps all of them in order',
    run: async ({ open }) => {
      const log = await open();
      const events = sampleEvents(1_500);
      await appendNew(log, stream, events);
      assert.deepEqual(
        await readIds(log, stream),
        events.map(({ eventId }) => eventId),
      );
    },
  },
  {
    topic,
    name: 'keeps streams apart, also the same event id in two of them',
    run: async ({ open }) => {
      const log = await open();
      const other = sampleStream('bob');
      await appendNew(log, stream, sampleEvents(2));
      await appendNew(log, other, sampleEvents(1));
      assert.deepEqual(await readIds(log, stream), ['event-1', 'event-2']);
      assert.deepEqual(await readIds(log, other), ['event-1']);
    },
  },
  {
    topic,
    name: 'with ifHead writes only where the head is exactly that',
    run: async ({ open }) => {
      const log = await open();
      const { epoch } = await log.head(stream);
      const [first = 0] = await appendNew(log, stream, [sampleEvent('a')], { epoch, offset: 0 });
      await appendNew(log, stream, [sampleEvent('b')], { epoch, offset: first });
      const head = await log.head(stream);
      for (const stale of [
        { epoch, offset: first },
        { epoch, offset: 0 },
        { epoch, offset: head.head + 1 },
        { epoch: 'another epoch', offset: head.head },
      ]) {
        assert.deepEqual(await log.append(stream, [sampleEvent('c')], stale), { kind: 'conflict', head });
      }
      assert.deepEqual(await readIds(log, stream), ['a', 'b']);
    },
  },
  {
    topic,
    name: 'with ifHead on a stream never written meets a conflict unless the head is 0',
    run: async ({ open }) => {
      const log = await open();
      const head = await log.head(stream);
      const ahead = { epoch: head.epoch, offset: 1 };
      assert.deepEqual(await log.append(stream, [sampleEvent('a')], ahead), { kind: 'conflict', head });
      assert.deepEqual(await log.head(stream), head);
    },
  },
  {
    topic,
    name: 'that met a conflict tells of the checkpoint, too',
    run: async ({ open }) => {
      const log = await open();
      const [first = 0] = await appendNew(log, stream, sampleEvents(2));
      await log.trim(stream, first, 'the fold');
      const result = await log.append(stream, [sampleEvent('c')], { epoch: 'another epoch', offset: 0 });
      assert.deepEqual(result, { kind: 'conflict', head: await log.head(stream) });
    },
  },
];
