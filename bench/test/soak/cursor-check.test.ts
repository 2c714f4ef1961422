import type { ConnectionReadyFrame, NumberedEvent, StreamPosition } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { CursorCheck } from '../../src/soak/cursor-check.ts';
import { eventAt, openRunsAt, threadAt, type Persona } from '../../src/soak/script.ts';

const ALICE: Persona = { userId: 'alice', seed: 7, resultChars: 10 };
const BOB: Persona = { userId: 'bob', seed: 8, resultChars: 10 };

function setUp({ published = 96, threads }: { published?: number; threads?: readonly string[] } = {}) {
  const violations: string[] = [];
  const check = new CursorCheck({
    persona: ALICE,
    threads,
    published: () => published,
    violation: (what) => violations.push(what),
  });
  return { check, violations };
}

function ready(offset: number, head: number, more: Partial<ConnectionReadyFrame> = {}): ConnectionReadyFrame {
  const open = [...openRunsAt(ALICE, head, () => true).keys()];
  return {
    type: 'connection_ready',
    connection_id: 'c',
    user_id: 'alice',
    mode: 'unified',
    epoch: 'e',
    offset,
    oldest_offset: 1,
    head_offset: head,
    recovery: 'resumed',
    heartbeat_ms: 1,
    max_message_bytes: 1,
    open_runs: open.map((run_id) => ({ run_id, agent_name: 'a', started_offset: 1, pending_approvals: [] })),
    ...more,
  };
}

/** The event as a server sends it. */
function frame(offset: number, more: object = {}, persona: Persona = ALICE): NumberedEvent {
  return { ...eventAt(persona, offset), offset, timestamp: 1, ...more } as unknown as NumberedEvent;
}

function joined(offsets: readonly number[]): NumberedEvent {
  const delta = offsets.map((n) => String(eventAt(ALICE, n).payload['delta'])).join('');
  const [first = 1] = offsets;
  return frame(offsets.at(-1) ?? 0, { merged: offsets.length, prev: first - 1, payload: { delta } });
}

const from = (offset: number): StreamPosition => ({ epoch: 'e', offset });

describe('the check of a soak run', () => {
  it('passes a faithful server', () => {
    const { check, violations } = setUp();
    check.ready(ready(0, 0), from(0));
    for (let n = 1; n <= 96; n += 1) expect(check.event(frame(n))).toBe(1);
    expect(check.isAt(96)).toBe(true);
    expect(violations).toEqual([]);
  });

  it('passes joined deltas, and counts each of them', () => {
    const { check, violations } = setUp();
    check.ready(ready(1, 1), from(1));
    // Offsets 2 to 4 are three thoughts of the first run: then it is the other run's turn.
    expect(check.event(joined([2, 3, 4]))).toBe(3);
    expect(check.event(frame(5))).toBe(1);
    expect(violations).toEqual([]);
  });

  it('passes a view of one thread, whose numbers have holes', () => {
    const { check, violations } = setUp({ threads: ['t1'] });
    check.ready({ ...ready(0, 0), open_runs: [] }, from(0));
    let last = 0;
    for (let n = 1; n <= 96; n += 1) {
      if (threadAt(n) !== 't1') continue;
      check.event(frame(n, { prev: last }));
      last = n;
    }
    expect(check.isAt(96)).toBe(true);
    expect(violations).toEqual([]);
  });

  it.each([
    ['a gap', [frame(1), frame(3)]],
    ['a gap that is patched over', [frame(1), frame(3, { prev: 1 })]],
    ['a double', [frame(1), frame(1)]],
    ['one that goes back', [frame(1), frame(2), frame(1)]],
    ['an event of another user', [frame(1, {}, BOB)]],
    ['another payload', [frame(1, { payload: { agent_name: 'else' } })]],
    ['another type', [frame(1, { type: 'agent_completed' })]],
    ['another run', [frame(1, { run_id: 'alice-r1' })]],
    ['an event that nobody published', [...Array.from({ length: 96 }, (_, n) => frame(n + 1)), frame(97)]],
    ['joined deltas that lack one', [frame(1), { ...joined([2, 4]), prev: 1 }]],
    ['joined deltas in the wrong order', [frame(1), { ...joined([3, 2, 4]), prev: 1, offset: 4 }]],
    ['too few events said to be joined', [frame(1), { ...joined([2, 3, 4]), merged: 2 }]],
    ['deltas of two runs joined', [frame(1), frame(2), frame(3), joined([4, 6])]],
  ])('notices %s', (_what, events) => {
    const { check, violations } = setUp();
    check.ready(ready(0, 0), from(0));
    for (const event of events) check.event(event);
    expect(violations).not.toEqual([]);
  });

  it('notices an event before connection_ready', () => {
    const { check, violations } = setUp();
    check.event(frame(1));
    expect(violations).toHaveLength(1);
  });

  it.each([
    ['another user', ready(4, 8, { user_id: 'bob' }), from(4)],
    ['a resume somewhere else', ready(5, 8), from(4)],
    ['a resume over what is gone', ready(4, 8, { oldest_offset: 6 }), from(4)],
    ['a resume over another epoch', ready(4, 8, { epoch: 'f' }), from(4)],
    ['a reset without need', ready(0, 8, { recovery: 'reset' }), from(4)],
    ['a reset that skips', ready(8, 8, { recovery: 'reset', epoch: 'f' }), from(4)],
    ['a position that is ignored', ready(8, 8, { recovery: 'new' }), from(4)],
    ['a head that was never published', ready(4, 97), from(4)],
    ['an open run that is not told', ready(4, 8, { open_runs: [] }), from(4)],
  ])('notices in the answer to hello: %s', (_what, answer, asked) => {
    const { check, violations } = setUp();
    check.ready(answer, asked);
    expect(violations).not.toEqual([]);
  });

  it('wants a snapshot of each open run after a reset, in its true state', () => {
    const answer = ready(30, 40, { recovery: 'reset', oldest_offset: 31 });
    const owed = [...openRunsAt(ALICE, 30, () => true)];
    expect(owed).toHaveLength(2);
    const snapshots = owed.map(([run_id, state]) => ({ type: 'run_snapshot', run_id, offset: 30, state }) as const);

    const good = setUp();
    good.check.ready(answer, from(4));
    for (const snapshot of snapshots) good.check.snapshot(snapshot);
    good.check.event(frame(31));
    expect(good.violations).toEqual([]);

    const missing = setUp();
    missing.check.ready(answer, from(4));
    missing.check.event(frame(31));
    expect(missing.violations).toHaveLength(1);

    const wrong = setUp();
    wrong.check.ready(answer, from(4));
    for (const snapshot of snapshots) {
      wrong.check.snapshot({ ...snapshot, state: { ...snapshot.state, thinking: 'something else' } });
    }
    expect(wrong.violations).toHaveLength(2);
  });
});
