import { MemoryEventLog, type EventLog } from '@ws/core';
import { expect, test } from 'vitest';
import { eventLogCases, isRunnable, runCase, type EventLogHarness, type Topic } from '../src/index.ts';
import { sampleEvents, sampleStream } from '../src/samples.ts';
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

test('the suite notices a storage that comes back as it was under the epoch that it had', async () => {
  const ids = { next: () => 'the only epoch' };
  const rollbacks = [
    {
      name: 'an older copy',
      begin: () => undefined,
      rollBack: () => {
        const log = new MemoryEventLog({ ids });
        log.append(sampleStream(), sampleEvents(3, 'kept'));
        log.append(sampleStream('bob'), sampleEvents(2, 'kept'));
        return log;
      },
    },
  ];
  const harness: EventLogHarness = { open: () => new MemoryEventLog({ ids }), another: (log) => log, rollbacks };
  const cases = eventLogCases(harness).filter(({ topic }) => topic === 'rollback');
  expect(cases).toHaveLength(2);
  for (const each of cases) await expect(runCase(each, harness)).rejects.toThrow();
});
