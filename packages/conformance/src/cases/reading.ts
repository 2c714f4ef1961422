import assert from 'node:assert/strict';
import { MAX_PAGE_BYTES } from '@ws/core/log';
import { appendNew, assertChain, readIds } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'reading';
const stream = sampleStream();

export const readingCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'a stream never written is empty',
    run: async ({ open }) => {
      const log = await open();
      const { epoch } = await log.head(stream);
      assert.deepEqual(await log.read(stream, 0, 10), { epoch, events: [] });
    },
  },
  {
    topic,
    name: 'gives what comes after the position, not the event at it',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(4));
      assert.deepEqual(await readIds(log, stream, offsets[1]), ['event-3', 'event-4']);
      assert.deepEqual(await readIds(log, stream, offsets[3]), []);
    },
  },
  {
    topic,
    name: 'gives at most the limit, the oldest first, and goes on where a page ends',
    run: async ({ open }) => {
      const log = await open();
      await appendNew(log, stream, sampleEvents(7));
      const pages: (readonly string[])[] = [];
      for (let after = 0; ;) {
        const { events } = await log.read(stream, after, 3);
        assertChain(events, after);
        if (events.length === 0) break;
        pages.push(events.map(({ eventId }) => eventId));
        after = events.at(-1)?.offset ?? after;
      }
      assert.deepEqual(pages, [['event-1', 'event-2', 'event-3'], ['event-4', 'event-5', 'event-6'], ['event-7']]);
    },
  },
  {
    topic,
    name: 'a page ends before it is larger than a mebibyte, and the next goes on where it ends',
    run: async ({ open }) => {
      const log = await open();
      const sizes = [10, 300_000, 300_000, 300_000, 300_000, 10, 900_000, 900_000, ...Array<number>(60).fill(50_000)];
      // Two bytes each in UTF-8: a page is measured in bytes.
      const texts = sizes.map((size) => 'é'.repeat(size / 2));
      const events = texts.map((text, index) => sampleEvent(`event-${index + 1}`, { data: JSON.stringify({ text }) }));
      for (let n = 0; n < events.length; n += 4) await appendNew(log, stream, events.slice(n, n + 4));
      const read: string[] = [];
      for (let after = 0; ;) {
        const page = await log.read(stream, after, 1_000);
        assertChain(page.events, after);
        if (page.events.length === 0) break;
        const bytes = page.events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
        assert.ok(bytes <= MAX_PAGE_BYTES, `${page.events.length} events of ${bytes} bytes are a page`);
        read.push(...page.events.map(({ data }) => data));
        after = page.events.at(-1)?.offset ?? after;
      }
      assert.deepEqual(
        read,
        events.map(({ data }) => data),
      );
    },
  },
  {
    topic,
    name: 'a position ahead of the log gives nothing',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(2));
      assert.deepEqual((await log.read(stream, (offsets[1] ?? 0) + 5, 10)).events, []);
    },
  },
  {
    topic,
    name: 'a position that was trimmed away gives the oldest events kept',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(5));
      await log.trim(stream, offsets[2] ?? 0, '');
      assert.deepEqual(await readIds(log, stream, 0), ['event-4', 'event-5']);
      assert.deepEqual(await readIds(log, stream, offsets[0]), ['event-4', 'event-5']);
    },
  },
  {
    topic,
    name: 'a page is a copy: what is appended later does not change it',
    run: async ({ open }) => {
      const log = await open();
      await appendNew(log, stream, sampleEvents(2));
      const page = await log.read(stream, 0, 10);
      await appendNew(log, stream, sampleEvents(2, 'later'));
      assert.equal(page.events.length, 2);
    },
  },
  {
    topic,
    name: 'an append that returned is there for the next read',
    run: async ({ open }) => {
      const log = await open();
      for (let round = 1; round <= 20; round += 1) {
        const [offset = 0] = await appendNew(log, stream, sampleEvents(1, `round-${round}`));
        const { events } = await log.read(stream, offset - 1, 5);
        assert.equal(events.at(-1)?.offset, offset);
      }
    },
  },
];
