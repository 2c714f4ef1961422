import assert from 'node:assert/strict';
import type { EventLog } from '@ws/core';
import type { RunLease } from '@ws/core/log';
import { toRunId } from '@ws/types';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleStream } from '../samples.ts';

const topic = 'leases';
const stream = sampleStream();
const FAR = Number.MAX_SAFE_INTEGER;

function lease(run: string, expiresAt: number, user = 'alice'): RunLease {
  return { stream: sampleStream(user), runId: toRunId(run), expiresAt };
}

async function expiredRuns(log: EventLog, now: number, limit = 100): Promise<readonly string[]> {
  return (await log.leases.expired(now, limit)).map(({ runId }) => runId);
}

export const leaseCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'expire at their time, not before',
    run: async ({ open }) => {
      const log = await open();
      await log.leases.set([lease('run-1', 1_000)]);
      assert.deepEqual(await expiredRuns(log, 999), []);
      assert.deepEqual(await log.leases.expired(1_000, 10), [lease('run-1', 1_000)]);
    },
  },
  {
    topic,
    name: 'are renewed by setting them again',
    run: async ({ open }) => {
      const log = await open();
      await log.leases.set([lease('run-1', 1_000)]);
      await log.leases.set([lease('run-1', 5_000)]);
      assert.deepEqual(await expiredRuns(log, 4_999), []);
      assert.deepEqual(await expiredRuns(log, 5_000), ['run-1']);
    },
  },
  {
    topic,
    name: 'are added where a run has none, and stay as they are where it has one',
    run: async ({ open }) => {
      const log = await open();
      await log.leases.set([lease('run-1', 1_000), lease('run-2', 2_000)]);
      await log.leases.delete([lease('run-2', 0)]);
      await log.leases.add([lease('run-1', 5_000), lease('run-2', 4_000), lease('run-3', 3_000)]);
      await log.leases.add([]);
      assert.deepEqual(await log.leases.expired(FAR, 10), [
        lease('run-1', 1_000),
        lease('run-3', 3_000),
        lease('run-2', 4_000),
      ]);
    },
  },
  {
    topic,
    name: 'come oldest first, at most the limit, and stay until deleted or renewed',
    run: async ({ open }) => {
      const log = await open();
      await log.leases.set([
        lease('run-c', 3_000),
        lease('run-a', 1_000),
        lease('run-d', 9_000),
        lease('run-b', 2_000),
      ]);
      assert.deepEqual(await expiredRuns(log, 4_000, 2), ['run-a', 'run-b']);
      assert.deepEqual(await expiredRuns(log, 4_000), ['run-a', 'run-b', 'run-c']);
      await log.leases.delete([lease('run-a', 0)]);
      assert.deepEqual(await expiredRuns(log, 4_000), ['run-b', 'run-c']);
    },
  },
  {
    topic,
    name: 'belong to a run of one stream: the same run id in another is another',
    run: async ({ open }) => {
      const log = await open();
      await log.leases.set([lease('run-1', 1_000), lease('run-1', 2_000, 'bob')]);
      assert.equal((await log.leases.expired(FAR, 10)).length, 2);
      await log.leases.delete([{ stream, runId: toRunId('run-1') }]);
      assert.deepEqual(await log.leases.expired(FAR, 10), [lease('run-1', 2_000, 'bob')]);
    },
  },
  {
    topic,
    name: 'that are unknown are passed over by delete, and lists may be empty',
    run: async ({ open }) => {
      const log = await open();
      await log.leases.set([]);
      await log.leases.delete([]);
      await log.leases.delete([{ stream, runId: toRunId('nowhere') }]);
      assert.deepEqual(await log.leases.expired(FAR, 10), []);
    },
  },
  {
    topic,
    name: 'write no events',
    run: async ({ open }) => {
      const log = await open();
      const before = await log.head(stream);
      await log.leases.set([lease('run-1', 1_000)]);
      assert.deepEqual(await log.head(stream), before);
    },
  },
  {
    topic,
    name: 'outlive a restart where events do',
    needs: 'reopen',
    run: async ({ open, reopen, capabilities }) => {
      const log = await open();
      await log.leases.set([lease('run-1', 1_000), lease('run-2', 2_000)]);
      await log.leases.delete([lease('run-1', 0)]);
      const restarted = await reopen(log);
      assert.deepEqual(await expiredRuns(restarted, FAR), capabilities.durable ? ['run-2'] : []);
    },
  },
];
