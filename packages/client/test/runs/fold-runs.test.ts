import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import type { ReceivedEvent, RunSnapshotFrame } from '@ws/types';
import { foldRuns, seedRuns } from '../../src/runs/fold-runs.ts';
import type { RunMap } from '../../src/runs/run-view.ts';
import type { StreamItem } from '../../src/stream-item.ts';

const RUN: readonly (readonly [string, object])[] = [
  ['agent_started', { agent_name: 'analyst', task: 'look', parent_run_id: 'r0' }],
  ['agent_thinking', { delta: 'Let ' }],
  ['agent_thinking', { delta: 'me ' }],
  ['agent_thinking', { delta: 'see.' }],
  ['tool_approval_requested', { tool_call_id: 'c1', tool_name: 'read', args: { file: 'a' }, expires_at: 9 }],
  ['tool_approval_resolved', { tool_call_id: 'c1', approved: true }],
  ['tool_executing', { tool_call_id: 'c1', tool_name: 'read', args: { file: 'a' } }],
  ['tool_completed', { tool_call_id: 'c1', tool_name: 'read', success: true, result: 'text', duration_ms: 3 }],
  ['agent_response_chunk', { delta: 'All ' }],
  ['agent_response_chunk', { delta: 'well.' }],
  ['agent_completed', { status: 'completed', usage: { tokens: 7 }, duration_ms: 9 }],
];

function event(offset: number, more: object = {}): ReceivedEvent {
  const [type, payload] = RUN[offset - 1] ?? ['none', {}];
  return {
    type,
    offset,
    event_id: `id${offset}`,
    run_id: 'r1',
    thread_id: 't1',
    timestamp: 1,
    payload,
    ...more,
  } as never;
}

function volatile(offset: number): ReceivedEvent {
  const { offset: _, ...rest } = event(offset);
  return { ...rest, volatile: true } as never;
}

/** Deltas from `first` to `last` joined into one. */
function merged(first: number, last: number): ReceivedEvent {
  const delta = RUN.slice(first - 1, last)
    .map(([, payload]) => (payload as { delta: string }).delta)
    .join('');
  return event(last, { payload: { delta }, prev: first - 1, merged: last - first + 1 });
}

const itemOf = (event: ReceivedEvent): StreamItem =>
  event.offset === undefined ? { kind: 'volatile', event } : { kind: 'event', event, replay: false };
const foldAll = (events: readonly ReceivedEvent[], runs: RunMap = new Map()): RunMap =>
  events.reduce((all, next) => foldRuns(all, itemOf(next)), runs);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => event(index + 1));
const viewOf = (runs: RunMap) => runs.get('r1')?.view;
const WHOLE = viewOf(foldAll(upTo(RUN.length)));

function snapshot(offset: number): RunSnapshotFrame {
  const { agent_name, status, thinking, response, tools } = viewOf(foldAll(upTo(offset))) ?? fail();
  const state = { agent_name, status, thinking, response, tools };
  return { type: 'run_snapshot', run_id: 'r1', thread_id: 't1', offset, state };
}

function fail(): never {
  throw new Error('the run is not there');
}

describe('foldRuns', () => {
  it('shows nothing of the run before where an id is used again', () => {
    const old = foldAll([
      ...upTo(8),
      event(9, { type: 'agent_completed', payload: { status: 'failed', error: 'gone', duration_ms: 1 } }),
    ]);
    const again = event(20, { type: 'agent_started', payload: { agent_name: 'writer' } });
    expect(viewOf(old)).toMatchObject({ status: 'failed', error: 'gone', task: 'look' });
    expect(viewOf(foldAll([again], old))).toEqual(viewOf(foldAll([again])));
  });

  it('folds a run into what a screen shows', () => {
    expect(WHOLE).toEqual({
      run_id: 'r1',
      thread_id: 't1',
      parent_run_id: 'r0',
      agent_name: 'analyst',
      task: 'look',
      status: 'completed',
      thinking: 'Let me see.',
      response: 'All well.',
      tools: [
        {
          tool_call_id: 'c1',
          tool_name: 'read',
          args: { file: 'a' },
          status: 'completed',
          result: 'text',
          duration_ms: 3,
        },
      ],
      usage: { tokens: 7 },
      pending_approvals: [],
    });
  });

  it('shows an approval until it is answered', () => {
    expect(viewOf(foldAll(upTo(5)))?.pending_approvals).toEqual([RUN[4]?.[1]]);
    expect(viewOf(foldAll(upTo(6)))?.pending_approvals).toEqual([]);
  });

  it('takes merged deltas', () => {
    const events = [event(1), merged(2, 4), ...upTo(8).slice(4), merged(9, 10), event(11)];
    expect(viewOf(foldAll(events))).toEqual(WHOLE);
  });

  it('is the same after a reset, a snapshot of what is gone and the rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 10 }), (kept, replayed) => {
        const before = foldAll(upTo(5));
        const reset = foldRuns(before, { kind: 'reset', ready: {} as never });
        expect(reset.size).toBe(0);
        const rebuilt = foldRuns(reset, { kind: 'run_snapshot', snapshot: snapshot(kept) });
        // The stream may go back to before the snapshot.
        const rest = upTo(RUN.length).slice(Math.min(kept, replayed));
        const { task: _, parent_run_id: __, ...shown } = WHOLE ?? fail();
        expect(viewOf(foldAll(rest, rebuilt))).toEqual(shown);
      }),
    );
  });

  it('shows volatile events at once, and each one once in the end', () => {
    const shownSoFar = viewOf(foldAll([...upTo(8), volatile(9), volatile(10)]));
    expect(shownSoFar).toEqual(viewOf(foldAll(upTo(10))));
    // Their copies come one by one, joined, or, after a reconnect, without the volatile ones before.
    const one = foldAll([...upTo(8), volatile(9), volatile(10), event(9)]);
    expect(viewOf(one)?.response).toBe('All well.');
    expect(viewOf(foldAll([event(10), event(11)], one))).toEqual(WHOLE);
    const joined = foldAll([...upTo(8), volatile(9), volatile(10), merged(9, 10), event(11)]);
    expect(viewOf(joined)).toEqual(WHOLE);
    expect(joined.get('r1')?.volatile).toEqual([]);
  });

  it('changes nothing in place, and nothing at all where nothing happened', () => {
    const runs = foldAll(upTo(5));
    const frozen = JSON.stringify([...runs]);
    foldAll(upTo(11).slice(5), runs);
    expect(JSON.stringify([...runs])).toBe(frozen);
    for (const other of [
      { ...event(3) },
      { ...event(6), run_id: undefined },
      { ...event(6), type: 'user_message', payload: { message_id: 'm', text: 'x' } },
    ]) {
      expect(foldAll([other as never], runs)).toBe(runs);
    }
  });

  it('seeds the runs that are open and not known', () => {
    const open = { run_id: 'r2', agent_name: 'b', started_offset: 1, pending_approvals: [] };
    const runs = seedRuns(new Map(), [open]);
    expect(runs.get('r2')?.view).toMatchObject({ run_id: 'r2', agent_name: 'b', status: 'running' });
    expect(seedRuns(runs, [open])).toBe(runs);
  });
});
