import { MemoryEventLog, type EventLog } from '@ws/core';
import { expect, test } from 'vitest';
import { eventLogCases, isRunnable, runCase, type EventLogHarness, type Topic } from '../src/index.ts';
import { BROKEN_LOGS, FOUND_BY_THE_MODEL } from './support/broken-logs.ts';

const CAPABILITIES = { durable: false };

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
  const broken = BROKEN_LOGS.find((one) => one.fault === fault);
  expect(await failingTopics(broken?.open ?? expect.fail(), ['model'])).toContain('model');
});
