import { MemoryEventLog, type EventLog } from '@ws/core';
import { expect, test } from 'vitest';
import { eventLogCases, isRunnable, runCase, type EventLogHarness, type Topic } from '../src/index.ts';
import { BROKEN_LOGS, FOUND_BY_THE_MODEL } from './support/broken-logs.ts';

const CAPABILITIES = { durable: false };
const SEARCHES = 5;

async function failingTopics(open: () => EventLog, topics?: readonly Topic[]): Promise<ReadonlySet<Topic>> {
  const harness: EventLogHarness = {
    open,
    reopen: async (log) => {
      await log.close();
      return open();
    },
  };
  const failing = new Set<Topic>();
  for (const each of eventLogCases()) {
    if (topics?.includes(each.topic) === false || failing.has(each.topic)) continue;
    if (!isRunnable(each, harness, CAPABILITIES)) continue;
    await runCase(each, harness, CAPABILITIES).catch(() => failing.add(each.topic));
  }
  return failing;
}

test('a log that keeps its promises fails no case', async () => {
  expect(await failingTopics(() => new MemoryEventLog())).toEqual(new Set());
});

test.each(BROKEN_LOGS)('the suite notices: $fault', { timeout: 60_000 }, async ({ open, noticedBy }) => {
  expect(await failingTopics(open, [noticedBy])).toContain(noticedBy);
});

test.each(FOUND_BY_THE_MODEL)('the comparison with the model finds: %s', async (fault) => {
  const open = BROKEN_LOGS.find((one) => one.fault === fault)?.open ?? expect.fail();
  const found = new Set<Topic>();
  // The comparison rolls dice, and may pass by a fault that shows seldom: in one search of a few dozen, not in five.
  for (let search = 0; search < SEARCHES && found.size === 0; search += 1) {
    for (const topic of await failingTopics(open, ['model'])) found.add(topic);
  }
  expect(found).toContain('model');
});
