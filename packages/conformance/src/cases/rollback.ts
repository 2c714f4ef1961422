import assert from 'node:assert/strict';
import type { EventLog } from '@ws/core';
import type { StreamKey } from '@ws/core/log';
import type { CaseContext } from '../case-context.ts';
import { appendNew, readIds } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import type { LogRollback } from '../harness.ts';
import { recover } from '../recover.ts';
import { sampleEvents, sampleStream } from '../samples.ts';

const topic = 'rollback';
const stream = sampleStream();
/** A stream that loses nothing, and that nobody touches meanwhile. */
const quiet = sampleStream('bob');
const PAGE = 4;

/** Where a client stands that has seen every event of a stream. */
async function endOf(log: EventLog, key: StreamKey) {
  const { epoch, head } = await log.head(key);
  return { epoch, offset: head };
}

/** The cases for one way back that the harness can bring about. */
export function rollbackCases(rollback: LogRollback): readonly ConformanceCase[] {
  /** A log that was rolled back, and where clients stood before. */
  const rolledBack = async ({ open, another }: CaseContext, canOpenAgain: boolean) => {
    const log = await open(rollback.open);
    await appendNew(log, stream, sampleEvents(3, 'kept'));
    await appendNew(log, quiet, sampleEvents(2, 'kept'));
    await rollback.begin(log);
    await appendNew(log, stream, sampleEvents(2, 'lost'));
    const before = { stream: await endOf(log, stream), quiet: await endOf(log, quiet) };
    const after = await open(() => rollback.rollBack(log));
    return { before, after, other: canOpenAgain ? await another(after) : undefined };
  };
  const cases: Omit<ConformanceCase, 'topic'>[] = [
    {
      name: 'a client that saw lost events gets reset, and is never resumed onto other events with the same offsets',
      run: async (context) => {
        const { before, after } = await rolledBack(context, false);
        const kept = ['kept-1', 'kept-2', 'kept-3'];
        assert.deepEqual(await readIds(after, stream), kept);
        await appendNew(after, stream, sampleEvents(4, 'new'));
        const { recovery, events } = await recover(after, stream, before.stream, { page: PAGE });
        assert.equal(recovery, 'reset');
        const ids = events.map(({ eventId }) => eventId);
        assert.deepEqual(ids, [...kept, 'new-1', 'new-2', 'new-3', 'new-4']);
      },
    },
    {
      name: 'a stream that was not used since begins a new epoch, too, and every stream begins exactly one',
      needs: 'another',
      run: async (context) => {
        const { before, after, other = assert.fail('there is no second handle') } = await rolledBack(context, true);
        const { epoch } = await after.head(quiet);
        assert.notEqual(epoch, before.quiet.epoch);
        assert.equal((await recover(after, quiet, before.quiet, { page: PAGE })).recovery, 'reset');
        assert.equal((await other.head(quiet)).epoch, epoch);
        await appendNew(other, quiet, sampleEvents(2, 'new'));
        assert.equal((await after.head(quiet)).epoch, epoch);
        assert.equal((await other.head(stream)).epoch, (await after.head(stream)).epoch);
      },
    },
  ];
  return cases.map(({ name, ...rest }) => ({ topic, name: `${rollback.name}: ${name}`, ...rest }));
}
