import { describe, expect, it } from 'vitest';
import type { ConnectionReadyFrame } from '@ws/types';
import { Cursor } from '../src/cursor.ts';

const frame = (over: Partial<ConnectionReadyFrame>): ConnectionReadyFrame => ({
  type: 'connection_ready',
  connection_id: 'c1',
  user_id: 'u1',
  mode: 'unified',
  epoch: 'e1',
  offset: 10,
  oldest_offset: 1,
  head_offset: 12,
  recovery: 'resumed',
  heartbeat_ms: 25_000,
  max_message_bytes: 65_536,
  open_runs: [],
  ...over,
});

const openRun = (run_id: string) => ({ run_id, agent_name: 'a', started_offset: 1, pending_approvals: [] });

describe('Cursor', () => {
  it.each([
    ['latest', undefined],
    ['earliest', { offset: 0 }],
    [
      { epoch: 'e1', offset: 41 },
      { epoch: 'e1', offset: 41 },
    ],
  ] as const)('asks for %o first', (from, resume) => {
    expect(new Cursor(from).resume).toEqual(resume);
  });

  it.each([
    ['the next', { offset: 11 }, { kind: 'deliver' }, 11],
    ['one that was seen', { offset: 10 }, { kind: 'duplicate' }, 10],
    ['one long seen', { offset: 3 }, { kind: 'duplicate' }, 10],
    ['one too far', { offset: 12 }, { kind: 'gap', expected: 10 }, 10],
    ['one far on that follows the last', { offset: 20, prev: 10 }, { kind: 'deliver' }, 20],
    ['one that follows something else', { offset: 11, prev: 9 }, { kind: 'gap', expected: 10 }, 10],
    ['a merged one that is partly seen', { offset: 14, prev: 8 }, { kind: 'gap', expected: 10 }, 10],
  ] as const)('judges %s', (_, event, verdict, position) => {
    const cursor = new Cursor('latest');
    cursor.ready(frame({ recovery: 'new' }));
    expect(cursor.admit(event)).toEqual(verdict);
    expect(cursor.position).toEqual({ epoch: 'e1', offset: position });
    expect(cursor.resume).toEqual(cursor.position);
  });

  it.each([
    ['resumed', {}, false, { epoch: 'e1', offset: 10 }],
    ['resumed from earlier', { offset: 8 }, false, { epoch: 'e1', offset: 10 }],
    ['reset', { recovery: 'reset', offset: 0 }, true, { epoch: 'e1', offset: 0 }],
    ['another epoch, whatever it is called', { epoch: 'e2', offset: 0 }, true, { epoch: 'e2', offset: 0 }],
    ['new, though a position was asked for', { recovery: 'new', offset: 12 }, true, { epoch: 'e1', offset: 12 }],
    ['resumed further on than asked for', { offset: 11 }, true, { epoch: 'e1', offset: 11 }],
  ] as const)('starts again: %s', (_, over, reset, position) => {
    const cursor = new Cursor({ epoch: 'e1', offset: 10 });
    expect(cursor.ready(frame(over))).toEqual({ reset, userChanged: false });
    expect(cursor.position).toEqual(position);
  });

  it('asks for the old position again while a reset lacks snapshots', () => {
    const old = { epoch: 'e0', offset: 99 };
    const cursor = new Cursor(old);
    cursor.ready(frame({ recovery: 'reset', offset: 4, open_runs: [openRun('r1'), openRun('r2')] }));
    expect(cursor.resume).toEqual(old);
    cursor.snapshot('r1');
    expect(cursor.resume).toEqual(old);
    cursor.snapshot('r2');
    expect(cursor.resume).toEqual({ epoch: 'e1', offset: 4 });
  });

  it('takes the first event after a reset for the end of the snapshots', () => {
    const cursor = new Cursor({ epoch: 'e0', offset: 99 });
    cursor.ready(frame({ recovery: 'reset', offset: 4, open_runs: [openRun('r1')] }));
    cursor.admit({ offset: 5 });
    expect(cursor.resume).toEqual({ epoch: 'e1', offset: 5 });
  });

  it('knows the numbered copy of a volatile event, once, and not beyond a reset', () => {
    const cursor = new Cursor('latest');
    cursor.ready(frame({ recovery: 'new' }));
    expect(cursor.admitVolatile('a')).toBe(true);
    expect(cursor.admitVolatile('a')).toBe(false);
    expect(cursor.admitVolatile('b')).toBe(true);
    expect(cursor.admit({ offset: 11, event_id: 'a' })).toEqual({ kind: 'deliver', replaces: 'volatile' });
    cursor.ready(frame({ recovery: 'reset', offset: 0 }));
    expect(cursor.admit({ offset: 1, event_id: 'b' })).toEqual({ kind: 'deliver' });
  });

  it('bounds the volatile ids it remembers', () => {
    const cursor = new Cursor('latest');
    cursor.ready(frame({ recovery: 'new' }));
    for (let index = 0; index < 5_000; index += 1) cursor.admitVolatile(`v${index}`);
    expect(cursor.admitVolatile('v0')).toBe(true);
    expect(cursor.admitVolatile('v4999')).toBe(false);
  });

  it('calls replay what the log held when the connection began or fell behind', () => {
    const cursor = new Cursor('latest');
    cursor.ready(frame({}));
    expect([12, 13].map((offset) => cursor.isReplay(offset))).toEqual([true, false]);
    cursor.lagging(20);
    expect([20, 21].map((offset) => cursor.isReplay(offset))).toEqual([true, false]);
  });
});
