import assert from 'node:assert/strict';
import { appendNew } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'head and epoch';
const stream = sampleStream();

export const headCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'a stream never written begins at 1 and ends at 0',
    run: async ({ open }) => {
      const log = await open();
      const head = await log.head(stream);
      assert.deepEqual(head, { epoch: head.epoch, oldest: 1, head: 0 });
      assert.ok(head.epoch.length > 0, 'the epoch has a name');
    },
  },
  {
    topic,
    name: 'the epoch that was answered for a stream never written stays when it is written',
    run: async ({ open }) => {
      const log = await open();
      const { epoch } = await log.head(stream);
      const result = await log.append(stream, [sampleEvent('a')]);
      assert.equal(result.kind === 'appended' && result.epoch, epoch);
      assert.equal((await log.head(stream)).epoch, epoch);
      assert.equal((await log.read(stream, 0, 1)).epoch, epoch);
    },
  },
  {
    topic,
    name: 'follows appends and trims',
    run: async ({ open, capabilities }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(4));
      const full = await log.head(stream);
      assert.equal(full.head, offsets[3]);
      assert.ok(full.oldest <= (offsets[0] ?? 0));
      await log.trim(stream, offsets[1] ?? 0, 'fold');
      const trimmed = await log.head(stream);
      assert.equal(trimmed.head, offsets[3]);
      assert.ok(trimmed.oldest > (offsets[1] ?? 0) && trimmed.oldest <= (offsets[2] ?? 0));
      if (capabilities.denseOffsets) assert.equal(trimmed.oldest, 3);
    },
  },
  {
    topic,
    name: 'neither trim nor conflict begins a new epoch',
    run: async ({ open }) => {
      const log = await open();
      const offsets = await appendNew(log, stream, sampleEvents(3));
      const { epoch } = await log.head(stream);
      await log.trim(stream, offsets[2] ?? 0, '');
      await log.append(stream, [sampleEvent('x')], { epoch: 'other', offset: 0 });
      await appendNew(log, stream, [sampleEvent('y')]);
      assert.equal((await log.head(stream)).epoch, epoch);
    },
  },
  {
    topic,
    name: 'a restart keeps the epoch if and only if it keeps the events',
    needs: 'reopen',
    run: async ({ open, reopen, capabilities }) => {
      const log = await open();
      await appendNew(log, stream, sampleEvents(2));
      const before = await log.head(stream);
      const unwritten = await log.head(sampleStream('bob'));
      const restarted = await reopen(log);
      const after = await restarted.head(stream);
      if (capabilities.durable) {
        assert.deepEqual(after, before);
        assert.deepEqual(await restarted.head(sampleStream('bob')), unwritten);
      } else {
        assert.notEqual(after.epoch, before.epoch);
        assert.equal(after.head, 0);
      }
    },
  },
  {
    topic,
    name: 'two logs do not share an epoch',
    run: async ({ open }) => {
      const [one, two] = [await open(), await open()];
      assert.notEqual((await one.head(stream)).epoch, (await two.head(stream)).epoch);
    },
  },
  {
    topic,
    name: 'the log is healthy, and says what its appends promise',
    run: async ({ open }) => {
      const log = await open();
      assert.equal(await log.healthy(), true);
      assert.match(log.name, /^[a-z][a-z0-9_-]*$/);
      assert.ok(log.durability.length > 0);
      const { settings = {}, survives = {} } = log.durabilityProfile ?? {};
      for (const value of Object.values(settings)) assert.ok(value.length > 0, 'a setting has a value');
      for (const value of Object.values(survives)) assert.match(value, /^(yes|no|unknown)$/);
    },
  },
];
