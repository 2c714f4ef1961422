import assert from 'node:assert/strict';
import type { LogEvent } from '@ws/core/log';
import { appendNew, assertAppended, assertChain, eventually, readAll, readIds } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'several handles';
const needs = 'another';
const stream = sampleStream();

export const severalHandlesCases: readonly ConformanceCase[] = [
  {
    topic,
    needs,
    name: 'share epoch, events and offsets',
    run: async ({ open, another }) => {
      const one = await open();
      const two = await another(one);
      const [first = 0] = await appendNew(one, stream, [sampleEvent('a')]);
      const [second = 0] = await appendNew(two, stream, [sampleEvent('b')]);
      const [third = 0] = await appendNew(one, stream, [sampleEvent('c')]);
      assert.ok(first < second && second < third);
      assert.deepEqual(await readAll(one, stream), await readAll(two, stream));
      assert.deepEqual(await one.head(stream), await two.head(stream));
    },
  },
  {
    topic,
    needs,
    name: 'that append at once end in one order without a gap',
    run: async ({ open, another }) => {
      const one = await open();
      const two = await another(one);
      await Promise.all(
        Array.from({ length: 20 }, async (_, n) => (n % 2 ? one : two).append(stream, sampleEvents(3, `batch-${n}`))),
      );
      const events = await readAll(one, stream);
      assert.equal(events.length, 60);
      assertChain(events, 0);
      assert.deepEqual(await readAll(two, stream), events);
    },
  },
  {
    topic,
    needs,
    name: 'know each other’s event ids, and a conflict',
    run: async ({ open, another }) => {
      const one = await open();
      const two = await another(one);
      const before = await two.head(stream);
      const [first = 0] = await appendNew(one, stream, [sampleEvent('a')]);
      assert.deepEqual(assertAppended(await two.append(stream, [sampleEvent('a')])), [
        { offset: first, duplicate: true },
      ]);
      const stale = { epoch: before.epoch, offset: before.head };
      assert.deepEqual(await two.append(stream, [sampleEvent('b')], stale), {
        kind: 'conflict',
        head: await one.head(stream),
      });
    },
  },
  {
    topic,
    needs,
    name: 'see each other’s trims and leases',
    run: async ({ open, another }) => {
      const one = await open();
      const two = await another(one);
      const offsets = await appendNew(one, stream, sampleEvents(3));
      await two.trim(stream, offsets[1] ?? 0, 'fold');
      assert.deepEqual(await readIds(one, stream), ['event-3']);
      assert.equal((await one.head(stream)).checkpoint, 'fold');
      const leases = [{ stream, runId: sampleEvent('a').runId ?? assert.fail(), expiresAt: 1_000 }];
      await one.leases.set(leases);
      assert.deepEqual(await two.leases.expired(1_000, 10), leases);
    },
  },
  {
    topic,
    needs,
    name: 'go on when one of them is closed',
    run: async ({ open, another }) => {
      const one = await open();
      const two = await another(one);
      await appendNew(two, stream, [sampleEvent('a')]);
      await two.close();
      await appendNew(one, stream, [sampleEvent('b')]);
      assert.deepEqual(await readIds(one, stream), ['a', 'b']);
    },
  },
  {
    topic,
    needs,
    needsTellsOtherHandles: true,
    name: 'tell listeners of each other’s appends',
    run: async ({ open, another }) => {
      const one = await open();
      const two = await another(one);
      const heard: LogEvent[] = [];
      one.subscribe(stream, (_epoch, events) => heard.push(...events));
      // Two handles have two connections: only an answer tells that the first one's request came before what the other asks for.
      await one.head(stream);
      await appendNew(two, stream, sampleEvents(2));
      await appendNew(one, stream, [sampleEvent('own')]);
      await eventually(() => assert.equal(heard.length, 3));
      assert.deepEqual(heard, await readAll(one, stream));
    },
  },
];
