import assert from 'node:assert/strict';
import { appendNew, assertAppended, assertChain, readAll, readIds } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvents, sampleStream } from '../samples.ts';

const topic = 'order';
const stream = sampleStream();

export const orderCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'the events of one append lie next to each other, however many appends run at once',
    run: async ({ open }) => {
      const log = await open();
      const batches = Array.from({ length: 12 }, (_, index) => sampleEvents(5, `batch-${index}`));
      const results = await Promise.all(batches.map(async (batch) => log.append(stream, batch)));
      const events = await readAll(log, stream);
      assert.equal(events.length, 60);
      assertChain(events, 0);
      results.forEach((result, index) => {
        const [first] = assertAppended(result);
        const start = events.findIndex(({ offset }) => offset === first?.offset);
        assert.deepEqual(
          events.slice(start, start + 5).map(({ eventId }) => eventId),
          batches[index]?.map(({ eventId }) => eventId),
        );
      });
    },
  },
  {
    topic,
    name: 'answered offsets are those of the events',
    run: async ({ open }) => {
      const log = await open();
      const batches = Array.from({ length: 6 }, (_, index) => sampleEvents(3, `batch-${index}`));
      const offsets = await Promise.all(batches.map((batch) => appendNew(log, stream, batch)));
      const byOffset = new Map((await readAll(log, stream)).map(({ offset, eventId }) => [offset, eventId]));
      batches.flat().forEach(({ eventId }, index) => {
        assert.equal(byOffset.get(offsets.flat()[index] ?? 0), eventId);
      });
    },
  },
  {
    topic,
    name: 'appends one after the other stay in that order',
    run: async ({ open }) => {
      const log = await open();
      for (let round = 1; round <= 10; round += 1) await appendNew(log, stream, sampleEvents(1, `round-${round}`));
      assert.deepEqual(
        await readIds(log, stream),
        Array.from({ length: 10 }, (_, index) => `round-${index + 1}-1`),
      );
    },
  },
  {
    topic,
    name: 'of many appends at once with the same ifHead exactly one is written, the others write nothing',
    run: async ({ open }) => {
      const log = await open();
      const { epoch } = await log.head(stream);
      const results = await Promise.all(
        Array.from({ length: 6 }, async (_, index) =>
          log.append(stream, sampleEvents(2, `batch-${index}`), { epoch, offset: 0 }),
        ),
      );
      const winner = results.findIndex(({ kind }) => kind === 'appended');
      assert.equal(results.filter(({ kind }) => kind === 'appended').length, 1);
      assert.deepEqual(await readIds(log, stream), [`batch-${winner}-1`, `batch-${winner}-2`]);
    },
  },
  {
    topic,
    name: 'many streams at once do not disturb each other',
    run: async ({ open, capabilities }) => {
      const log = await open();
      const streams = Array.from({ length: 40 }, (_, index) => sampleStream(`user-${index}`));
      await Promise.all(
        streams.flatMap((key, index) => [
          appendNew(log, key, sampleEvents(2, `${index}-first`)),
          appendNew(log, key, sampleEvents(1, `${index}-second`)),
        ]),
      );
      for (const [index, key] of streams.entries()) {
        const events = await readAll(log, key);
        assertChain(events, 0);
        assert.deepEqual(events.map(({ eventId }) => eventId).sort(), [
          `${index}-first-1`,
          `${index}-first-2`,
          `${index}-second-1`,
        ]);
        if (capabilities.denseOffsets) assert.equal((await log.head(key)).head, 3);
      }
    },
  },
  {
    topic,
    name: 'every reader sees the same order, also while appends run',
    run: async ({ open }) => {
      const log = await open();
      const appends = Promise.all(
        Array.from({ length: 10 }, async (_, index) => log.append(stream, sampleEvents(4, `batch-${index}`))),
      );
      const early = await readIds(log, stream);
      await appends;
      const late = await readIds(log, stream);
      assert.deepEqual(late.slice(0, early.length), early);
      assert.deepEqual(await readIds(log, stream), late);
    },
  },
];
