import assert from 'node:assert/strict';
import type { EventLog } from '@ws/core';
import type { StreamKey } from '@ws/core/log';
import type { Offset } from '@ws/types';
import { appendNew } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleStream } from '../samples.ts';

const topic = 'retention';
const NOW = 1_700_000_100_000;
const [old, young, mixed] = [sampleStream('old'), sampleStream('young'), sampleStream('mixed')];

/** Three streams, whose oldest events are 60, 10 and 30 s old. */
async function appendAgeing(log: EventLog): Promise<{ readonly old: Offset; readonly mixed: Offset }> {
  const [oldest = 0] = await appendNew(log, old, [sampleEvent('a', { timestamp: NOW - 60_000 })]);
  const [first = 0] = await appendNew(log, mixed, [sampleEvent('a', { timestamp: NOW - 30_000 })]);
  await appendNew(log, young, [sampleEvent('a', { timestamp: NOW - 10_000 })]);
  await appendNew(log, mixed, [sampleEvent('b', { timestamp: NOW })]);
  return { old: oldest, mixed: first };
}

async function agedOf(log: EventLog, ageMs: number, limit = 10): Promise<readonly StreamKey[]> {
  assert.ok(log.aged !== undefined, 'the log has no `aged`: say so with `findsAged: false`');
  return [...(await log.aged(NOW - ageMs, limit))].sort();
}

export const agedCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'finds the streams whose oldest event is old enough, each once',
    needsFindsAged: true,
    run: async ({ open }) => {
      const log = await open();
      assert.deepEqual(await agedOf(log, 0), []);
      await appendAgeing(log);
      assert.deepEqual(await agedOf(log, 60_001), []);
      assert.deepEqual(await agedOf(log, 60_000), [old]);
      assert.deepEqual(await agedOf(log, 30_000), [mixed, old]);
      assert.deepEqual(await agedOf(log, 0), [mixed, old, young]);
    },
  },
  {
    topic,
    name: 'finds no more streams with old events than asked for',
    needsFindsAged: true,
    run: async ({ open }) => {
      const log = await open();
      await appendAgeing(log);
      assert.equal((await agedOf(log, 0, 2)).length, 2);
      assert.equal((await agedOf(log, 0, 0)).length, 0);
    },
  },
  {
    topic,
    name: 'finds a stream with old events no more when they were let go, also after a restart where events outlive one',
    needsFindsAged: true,
    needs: 'reopen',
    run: async ({ open, reopen, capabilities }) => {
      const log = await open();
      const first = await appendAgeing(log);
      await log.trim(mixed, first.mixed, '');
      assert.deepEqual(await agedOf(log, 20_000), [old]);
      await log.trim(old, first.old, '');
      assert.deepEqual(await agedOf(log, 20_000), []);
      assert.deepEqual(await agedOf(log, 0), [mixed, young]);
      assert.deepEqual(await agedOf(await reopen(log), 0), capabilities.durable ? [mixed, young] : []);
    },
  },
];
