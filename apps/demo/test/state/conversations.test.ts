import { describe, expect, it } from 'vitest';
import { latestFirst, NO_THREAD } from '../../src/state/conversations.ts';
import { EMPTY_PAGE, reducePage } from '../../src/state/page-store.ts';
import { completed, event, lost, message, pageAfter, ready, reset, started, thinking } from '../page-inputs.ts';

type State = ReturnType<typeof pageAfter>;
const titles = ({ conversations }: State) => latestFirst(conversations.threads).map(({ title }) => title);
const start = ({ conversations }: State, key: string) => conversations.starts.get(key);

describe('the list of conversations', () => {
  it('has the latest first, under the first message of the user', () => {
    const state = pageAfter(message(1, 'one'), message(2, 'two', 'm-2', 't2'), message(3, 'one again'));
    expect(titles(state)).toEqual(['one', 'two']);
    expect(state.conversations.threads.get('t1')?.lastAt).toBe(1_003);
  });

  it('has what a run says of itself until the user says something', () => {
    expect(titles(pageAfter(started(1)))).toEqual(['look']);
    expect(titles(pageAfter(started(1), message(2, 'hello')))).toEqual(['hello']);
  });

  it('has the runs that belong to no thread apart, and not those whose later events leave it out', () => {
    const delta = { type: 'agent_thinking', offset: 3, run_id: 'r1', payload: { delta: 'x' } };
    const loose = { type: 'agent_started', offset: 4, run_id: 'r9', payload: { agent_name: 'loose' } };
    expect(titles(pageAfter(started(2), event(delta)))).toEqual(['look']);
    expect([...pageAfter(started(2), event(loose)).conversations.threads.keys()]).toEqual(['t1', NO_THREAD]);
  });

  it('is the same object while only the text of a run changes', () => {
    const before = pageAfter(message(1, 'hello'), started(2));
    const after = reducePage(before, [thinking(3, 'a'), thinking(4, 'b')]);
    expect(after.conversations).toBe(before.conversations);
    expect(after.traces).not.toBe(before.traces);
    const answered = reducePage(after, [message(5, 'again')]);
    expect(answered.conversations.threads.get('t1')?.lastAt).toBe(1_005);
    expect(reducePage(answered, [completed(6)]).conversations.starts).toBe(answered.conversations.starts);
  });

  it('starts over with the stream, and for another user', () => {
    expect(titles(pageAfter(ready(), message(1, 'gone'), reset()))).toEqual([]);
    const state = pageAfter(ready(), message(1, 'gone'), started(2), lost(), reset({ userId: 'u2' }));
    const { conversations, traces } = EMPTY_PAGE;
    expect(state).toMatchObject({ conversations, traces, connection: { connections: 1 } });
    expect(state.log.map(({ kind }) => kind)).toEqual(['mark']);
  });
});

describe('where entries began', () => {
  it('is the offset of the first event, and whether the page watched', () => {
    const replayed = event(
      { type: 'agent_started', offset: 1, run_id: 'r1', thread_id: 't1', payload: { agent_name: 'a' } },
      { replay: true },
    );
    const state = pageAfter(replayed, thinking(2, 'a'), message(3, 'hello'));
    expect(start(state, 'run r1')).toEqual({ threadId: 't1', offset: 1, live: false });
    expect(start(state, 'message m-3')).toEqual({ threadId: 't1', offset: 3, live: true });
  });

  it('is known of open runs of before the oldest event', () => {
    const open = { run_id: 'r0', thread_id: 't1', agent_name: 'old', started_offset: 3, pending_approvals: [] };
    const state = pageAfter(ready({ offset: 9, headOffset: 10, openRuns: [open] }));
    expect(start(state, 'run r0')).toMatchObject({ offset: 3, live: false });
    expect(titles(state)).toEqual(['old']);
  });

  it('is after everything else for what has no offset yet', () => {
    const volatile = { type: 'agent_started', run_id: 'r2', thread_id: 't1', payload: { agent_name: 'a' } };
    expect(start(pageAfter(message(7, 'hello'), event(volatile)), 'run r2')).toMatchObject({ offset: 7 });
  });
});
