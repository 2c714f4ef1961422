import { describe, expect, it } from 'vitest';
import { toEventId, toRunId, toUserId } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import { streamKey, type LogEvent } from '../../src/log.ts';
import { countingIds } from '../../src/testing.ts';
import { logEvent } from '../support/log-events.ts';

const ALICE = streamKey(toUserId('alice'));
const BOB = streamKey(toUserId('bob'));
const note = (id: number) => logEvent(id, { type: 'note' });

describe('the memory log', () => {
  it('answers a repeated id with its first offset, also within one append', () => {
    const log = new MemoryEventLog();
    log.append(ALICE, [note(1), note(2)]);
    expect(log.append(ALICE, [note(2), note(3), note(3)])).toMatchObject({
      kind: 'appended',
      events: [
        { offset: 2, duplicate: true },
        { offset: 3, duplicate: false },
        { offset: 3, duplicate: true },
      ],
    });
    expect(log.lookup(ALICE, [toEventId('e3'), toEventId('e9')])).toEqual([3, undefined]);
  });

  it('writes nothing where the head is another one, of another offset or epoch', () => {
    const log = new MemoryEventLog({ ids: countingIds('epoch') });
    const epoch = 'epoch-1';
    expect(log.append(ALICE, [note(1)], { epoch, offset: 0 }).kind).toBe('appended');
    expect(log.append(ALICE, [note(2)], { epoch, offset: 0 })).toMatchObject({ kind: 'conflict', head: { head: 1 } });
    expect(log.append(ALICE, [note(2)], { epoch: 'other', offset: 1 }).kind).toBe('conflict');
    expect(log.head(ALICE)).toEqual({ epoch, oldest: 1, head: 1 });
  });

  it('tells listeners of what was written, of their stream only, until they leave', () => {
    const log = new MemoryEventLog();
    const heard: LogEvent[] = [];
    const stop = log.subscribe(ALICE, (_epoch, events) => heard.push(...events));
    log.append(ALICE, [note(1), note(1)]);
    log.append(ALICE, [note(1)]);
    log.append(BOB, [note(1)]);
    stop();
    stop();
    log.append(ALICE, [note(2)]);
    expect(heard.map(({ offset }) => offset)).toEqual([1]);
  });

  it('takes nothing once it is closed', () => {
    const log = new MemoryEventLog();
    log.close();
    expect(log.healthy()).toBe(false);
    expect(() => log.head(ALICE)).toThrow(expect.objectContaining({ code: 'LOG_CLOSED' }));
    expect(() => log.append(ALICE, [])).toThrow(expect.objectContaining({ code: 'LOG_CLOSED' }));
  });

  it('keeps leases apart by stream, oldest first', async () => {
    const { leases } = new MemoryEventLog();
    const runId = toRunId('r1');
    await leases.set([
      { stream: ALICE, runId, expiresAt: 20 },
      { stream: BOB, runId, expiresAt: 10 },
    ]);
    expect(leases.expired(30, 10)).toMatchObject([{ stream: BOB }, { stream: ALICE }]);
    await leases.set([{ stream: BOB, runId, expiresAt: 40 }]);
    await leases.delete([{ stream: BOB, runId: toRunId('other') }]);
    expect(leases.expired(30, 10)).toMatchObject([{ stream: ALICE }]);
    expect(leases.expired(50, 1)).toMatchObject([{ stream: ALICE }]);
    await leases.delete([{ stream: ALICE, runId }]);
    expect(leases.expired(50, 10)).toMatchObject([{ stream: BOB }]);
  });
});
