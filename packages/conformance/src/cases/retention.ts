import assert from 'node:assert/strict';
import type { EventLog, RetentionPolicy } from '@ws/core';
import { appendNew, assertChain, readAll, readIds } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'retention';
const stream = sampleStream();
const NOW = 1_700_000_100_000;
const KEEP_ALL: RetentionPolicy = { maxEvents: Infinity, maxBytes: Infinity, maxAgeMs: Infinity };

/** Five events of 10 bytes each, 50, 40, 30, 20 and 10 s old. */
async function appendAgeing(log: EventLog): Promise<readonly number[]> {
  return appendNew(
    log,
    stream,
    [50, 40, 30, 20, 10].map((age, index) =>
      sampleEvent(`event-${index + 1}`, { timestamp: NOW - age * 1_000, data: '"12345678"' }),
    ),
  );
}

interface TrimmableRow {
  readonly name: string;
  readonly policy: Partial<RetentionPolicy>;
  /** How many of the five events may go. */
  readonly goes: number;
}

const TRIMMABLE: readonly TrimmableRow[] = [
  { name: 'nothing that is within all limits', policy: {}, goes: 0 },
  {
    name: 'nothing at exactly the count, the bytes and just below the age',
    policy: { maxEvents: 5, maxBytes: 50, maxAgeMs: 50_001 },
    goes: 0,
  },
  { name: 'what is over the count', policy: { maxEvents: 3 }, goes: 2 },
  { name: 'everything for a count of 0', policy: { maxEvents: 0 }, goes: 5 },
  { name: 'what is over the bytes', policy: { maxBytes: 20 }, goes: 3 },
  { name: 'an event that is over the bytes in part', policy: { maxBytes: 21 }, goes: 3 },
  { name: 'what has reached the age', policy: { maxAgeMs: 40_000 }, goes: 2 },
  { name: 'everything that is old enough', policy: { maxAgeMs: 10_000 }, goes: 5 },
  { name: 'what any limit asks for: count', policy: { maxEvents: 1, maxBytes: 40, maxAgeMs: 45_000 }, goes: 4 },
  { name: 'what any limit asks for: bytes', policy: { maxEvents: 4, maxBytes: 19, maxAgeMs: 45_000 }, goes: 4 },
  { name: 'what any limit asks for: age', policy: { maxEvents: 4, maxBytes: 40, maxAgeMs: 20_000 }, goes: 4 },
];

const trimmableCases = TRIMMABLE.map(({ name, policy, goes }): ConformanceCase => ({
  topic,
  name: `lets go: ${name}`,
  run: async ({ open }) => {
    const log = await open();
    const offsets = await appendAgeing(log);
    const before = await log.head(stream);
    assert.equal(await log.trimmable(stream, { ...KEEP_ALL, ...policy }, NOW), goes === 0 ? 0 : offsets[goes - 1]);
    assert.deepEqual(await log.head(stream), before, 'trimmable writes nothing');
  },
}));

export const retentionCases: readonly ConformanceCase[] = [
  ...trimmableCases,
  {
    topic,
    name: 'an old event behind a young one waits for it: only a beginning of the stream goes',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, [
        sampleEvent('old', { timestamp: NOW - 9_000 }),
        sampleEvent('young', { timestamp: NOW }),
        sampleEvent('old-too', { timestamp: NOW - 9_000 }),
      ]);
      assert.equal(await log.trimmable(stream, { ...KEEP_ALL, maxAgeMs: 5_000 }, NOW), offsets[0]);
    },
  },
  {
    topic,
    name: 'counts only what is still kept',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendAgeing(log);
      await log.trim(stream, offsets[1] ?? 0, '');
      assert.equal(await log.trimmable(stream, { ...KEEP_ALL, maxEvents: 3 }, NOW), 0);
      assert.equal(await log.trimmable(stream, { ...KEEP_ALL, maxBytes: 30 }, NOW), 0);
      assert.equal(await log.trimmable(stream, { ...KEEP_ALL, maxAgeMs: 35_000 }, NOW), 0);
      assert.equal(await log.trimmable(stream, { ...KEEP_ALL, maxEvents: 2 }, NOW), offsets[2]);
      assert.equal(await log.trimmable(stream, { ...KEEP_ALL, maxBytes: 10 }, NOW), offsets[3]);
    },
  },
  {
    topic,
    name: 'a stream never written has nothing to let go',
    run: async ({ open }) => {
      const log = await open();
      assert.equal(await log.trimmable(stream, { maxEvents: 0, maxBytes: 0, maxAgeMs: 0 }, NOW), 0);
      const before = await log.head(stream);
      await log.trim(stream, 5, 'fold');
      assert.deepEqual(await log.head(stream), before);
    },
  },
  {
    topic,
    name: 'trim lets go of everything up to the offset and keeps the checkpoint in its place',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(5));
      await log.trim(stream, offsets[1] ?? 0, '{"open":["run-1"]}');
      assert.deepEqual(await readIds(log, stream), ['event-3', 'event-4', 'event-5']);
      const head = await log.head(stream);
      assert.equal(head.checkpoint, '{"open":["run-1"]}');
      assertChain(await readAll(log, stream), offsets[1] ?? 0);
      await log.trim(stream, offsets[3] ?? 0, 'the next');
      assert.deepEqual(await readIds(log, stream), ['event-5']);
      assert.equal((await log.head(stream)).checkpoint, 'the next');
    },
  },
  {
    topic,
    name: 'a trim that lets go of nothing leaves the checkpoint alone',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(3));
      await log.trim(stream, offsets[1] ?? 0, 'fold');
      const before = await log.head(stream);
      await log.trim(stream, offsets[1] ?? 0, 'again');
      await log.trim(stream, offsets[0] ?? 0, 'earlier');
      await log.trim(stream, 0, 'nothing');
      assert.deepEqual(await log.head(stream), before);
    },
  },
  {
    topic,
    name: 'a trim ahead of the head lets go of everything, and offsets go on rising',
    run: async ({ open, capabilities }) => {
      const log = await open();
      const [, last = 0] = await appendNew(log, stream, sampleEvents(2));
      await log.trim(stream, last + 100, 'fold');
      const emptied = await log.head(stream);
      assert.equal(emptied.head, last);
      assert.equal(emptied.oldest, last + 1);
      assert.deepEqual(await readIds(log, stream), []);
      const [next = 0] = await appendNew(log, stream, [sampleEvent('next')]);
      assert.ok(next > last);
      if (capabilities.denseOffsets) assert.equal(next, last + 1);
      assertChain(await readAll(log, stream, last), last);
    },
  },
  {
    topic,
    name: 'trim leaves other streams alone',
    run: async ({ open }) => {
      const log = await open();
      const other = sampleStream('bob');
      const [, second = 0] = await appendNew(log, stream, sampleEvents(2));
      await appendNew(log, other, sampleEvents(2));
      await log.trim(stream, second, 'fold');
      assert.deepEqual(await readIds(log, other), ['event-1', 'event-2']);
      assert.equal((await log.head(other)).checkpoint, undefined);
    },
  },
  {
    topic,
    name: 'a long trim is done at once for readers, while appends go on',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(4_500));
      const trimmed = offsets[4_399] ?? 0;
      const appended = [];
      const trim = Promise.resolve(log.trim(stream, trimmed, 'fold'));
      for (let round = 1; round <= 5; round += 1)
        appended.push(...(await appendNew(log, stream, sampleEvents(1, `round-${round}`))));
      await trim;
      const events = await readAll(log, stream);
      assert.equal(events.length, 105);
      assertChain(events, trimmed);
      assert.equal(await log.trimmable(stream, { ...KEEP_ALL, maxEvents: 100 }, NOW), offsets[4_404]);
      assert.deepEqual(
        events.slice(-5).map(({ offset }) => offset),
        appended,
      );
    },
  },
  {
    topic,
    name: 'what was trimmed stays so over a restart, checkpoint included',
    needs: 'reopen',
    run: async ({ open, reopen, capabilities }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(3_000));
      await log.trim(stream, offsets[2_989] ?? 0, 'fold');
      const before = await log.head(stream);
      const restarted = await reopen(log);
      if (!capabilities.durable) return assert.equal((await restarted.head(stream)).checkpoint, undefined);
      assert.deepEqual(await restarted.head(stream), before);
      assert.equal((await readIds(restarted, stream)).length, 10);
    },
  },
];
