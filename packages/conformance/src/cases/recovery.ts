import assert from 'node:assert/strict';
import type { UnifiedWebSocketManager } from '@ws/core';
import { appendNew, assertChain, eventually } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { note, Tab } from '../hubs/tab.ts';
import { withHubs } from '../hubs/with-hubs.ts';
import { recover, type Recovered } from '../recover.ts';
import { sampleEvents, sampleStream } from '../samples.ts';

const topic = 'recovery';
const stream = sampleStream();
const PAGE = 4;

interface RecoveryRow {
  readonly name: string;
  /** Events appended before. */
  readonly appended: number;
  /** How many of them were let go. */
  readonly trimmed?: number;
  /** How many events the reader has seen; more than there are: it is ahead. Left out: it has no position. */
  readonly seen?: number;
  /** The reader's position is of another epoch. */
  readonly otherEpoch?: true;
  /** What happens while it reads, or before. */
  readonly meanwhile?: 'an append' | 'two appends at once' | 'a restart';
  readonly recovery: Recovered['recovery'];
  /** How many events it gets. */
  readonly missed: number;
}

const ROWS: readonly RecoveryRow[] = [
  { name: 'empty log', appended: 0, seen: 0, recovery: 'resumed', missed: 0 },
  { name: 'exact position', appended: 5, seen: 5, recovery: 'resumed', missed: 0 },
  { name: 'some missed', appended: 5, seen: 2, recovery: 'resumed', missed: 3 },
  { name: 'more missed than a page', appended: 11, seen: 1, recovery: 'resumed', missed: 10 },
  { name: 'everything missed', appended: 5, seen: 0, recovery: 'resumed', missed: 5 },
  { name: 'position trimmed away', appended: 6, trimmed: 3, seen: 1, recovery: 'reset', missed: 3 },
  {
    name: 'position at the edge of what was trimmed',
    appended: 6,
    trimmed: 3,
    seen: 3,
    recovery: 'resumed',
    missed: 3,
  },
  { name: 'position ahead of the log', appended: 3, seen: 5, recovery: 'reset', missed: 3 },
  { name: 'wrong epoch', appended: 3, seen: 2, otherEpoch: true, recovery: 'reset', missed: 3 },
  { name: 'no position', appended: 3, recovery: 'new', missed: 0 },
  { name: 'expired log, seen to the end', appended: 4, trimmed: 4, seen: 4, recovery: 'resumed', missed: 0 },
  { name: 'expired log, not seen to the end', appended: 4, trimmed: 4, seen: 2, recovery: 'reset', missed: 0 },
  { name: 'append during read', appended: 6, seen: 1, meanwhile: 'an append', recovery: 'resumed', missed: 7 },
  {
    name: 'two appends at once',
    appended: 6,
    seen: 1,
    meanwhile: 'two appends at once',
    recovery: 'resumed',
    missed: 9,
  },
  {
    name: 'restart between append and read',
    appended: 6,
    seen: 1,
    meanwhile: 'a restart',
    recovery: 'resumed',
    missed: 5,
  },
];

const rowCases: readonly ConformanceCase[] = ROWS.map((row) => ({
  topic,
  name: row.name,
  ...(row.meanwhile === 'a restart' ? { needs: 'reopen' } : {}),
  run: async ({ open, reopen, capabilities }) => {
    const { appended, trimmed = 0, seen, meanwhile } = row;
    let log = await open();
    const offsets = await appendNew(log, stream, sampleEvents(appended));
    if (trimmed > 0) await log.trim(stream, offsets[trimmed - 1] ?? 0, 'fold');
    const { epoch, head } = await log.head(stream);
    const position = seen !== undefined && {
      epoch: row.otherEpoch ? 'another epoch' : epoch,
      offset: seen === 0 ? 0 : (offsets[seen - 1] ?? head + seen - appended),
    };
    if (meanwhile === 'a restart') log = await reopen(log);
    const lost = meanwhile === 'a restart' && !capabilities.durable;
    const { recovery, events } = await recover(log, stream, position || undefined, {
      page: PAGE,
      meanwhile: async () => {
        if (meanwhile === 'an append') await log.append(stream, sampleEvents(2, 'meanwhile'));
        if (meanwhile === 'two appends at once') {
          await Promise.all([log.append(stream, sampleEvents(2, 'one')), log.append(stream, sampleEvents(2, 'two'))]);
        }
      },
    });
    assert.equal(recovery, lost ? 'reset' : row.recovery);
    assert.equal(events.length, lost ? 0 : row.missed);
    if (recovery === 'resumed' && position) assertChain(events, position.offset);
    else assertChain(events, events[0]?.prev ?? (await log.head(stream)).oldest - 1);
  },
}));

/** A stream of a user, or of one of their isolated threads. */
interface Owner {
  readonly userId: string;
  readonly isolatedThread?: string;
}

const OWNERS: readonly Owner[] = [
  { userId: 'alice' },
  { userId: 'bob' },
  { userId: 'alice', isolatedThread: 't1' },
  { userId: 'bob', isolatedThread: 't1' },
];

const ownerCase: ConformanceCase = {
  topic,
  name: 'a position is good in its own stream alone: any other answers reset',
  run: async ({ open }) =>
    withHubs([await open()], {}, async (hubs) => {
      const [hub] = hubs;
      assert.ok(hub);
      const managerOf = ({ userId, isolatedThread: threadId }: Owner): UnifiedWebSocketManager =>
        hub.manager(threadId === undefined ? { userId } : { userId, threadId, mode: 'isolated' });
      for (const owner of OWNERS) await managerOf(owner).emitAll([note(1), note(2)]);
      for (const owner of OWNERS) {
        const position = await managerOf(owner).position();
        for (const other of OWNERS) {
          const tab = await Tab.open(hub, position, other);
          assert.equal(tab.ready?.recovery, other === owner ? 'resumed' : 'reset');
          await eventually(() => assert.deepEqual(tab.notes, other === owner ? [] : [1, 2]));
        }
      }
    }),
};

export const recoveryCases: readonly ConformanceCase[] = [...rowCases, ownerCase];
