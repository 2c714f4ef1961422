import assert from 'node:assert/strict';
import { appendNew, assertAppended, assertCode, assertFails, readIds, settle } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'closing';
const stream = sampleStream();
const KEEP = { maxEvents: 1, maxBytes: 1, maxAgeMs: 1 };

export const closingCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'later calls throw LOG_CLOSED, and the log is not healthy',
    run: async ({ open }) => {
      const log = await open();
      await appendNew(log, stream, sampleEvents(2));
      await log.close();
      await assertFails('LOG_CLOSED', () => log.append(stream, [sampleEvent('late')]));
      await assertFails('LOG_CLOSED', () => log.lookup(stream, [sampleEvent('event-1').eventId]));
      await assertFails('LOG_CLOSED', () => log.read(stream, 0, 10));
      await assertFails('LOG_CLOSED', () => log.head(stream));
      await assertFails('LOG_CLOSED', () => log.trimmable(stream, KEEP, 0));
      await assertFails('LOG_CLOSED', () => log.trim(stream, 1, ''));
      await assertFails('LOG_CLOSED', () => log.subscribe(stream, () => undefined));
      assert.equal(await log.healthy(), false);
    },
  },
  {
    topic,
    name: 'twice is once',
    run: async ({ open }) => {
      const log = await open();
      await log.close();
      await log.close();
    },
  },
  {
    topic,
    name: 'tells listeners nothing more',
    run: async ({ open }) => {
      const log = await open();
      let told = 0;
      log.subscribe(stream, () => {
        told += 1;
      });
      await log.close();
      await settle(() => log.append(stream, [sampleEvent('late')]));
      assert.equal(told, 0);
    },
  },
  {
    topic,
    name: 'finishes the appends under way: each is there afterwards, or was refused',
    needs: 'reopen',
    run: async ({ open, reopen, capabilities }) => {
      const log = await open();
      const pending = sampleEvents(20).map((event) => settle(() => log.append(stream, [event])));
      await log.close();
      const accepted: string[] = [];
      for (const [index, outcome] of (await Promise.all(pending)).entries()) {
        if ('value' in outcome && assertAppended(outcome.value).length === 1) accepted.push(`event-${index + 1}`);
        else if ('error' in outcome) assertCode('LOG_CLOSED', outcome.error);
      }
      const restarted = await reopen(log);
      assert.deepEqual(await readIds(restarted, stream), capabilities.durable ? accepted : []);
    },
  },
];
