import type { ThreadEntry } from '@ws/react';
import { expect, it } from 'vitest';
import { conversationLines } from '../../src/chat/conversation-view.tsx';
import { lost, message, pageAfter, ready, reset, started } from '../page-inputs.ts';

const said = (id: string): ThreadEntry => ({
  kind: 'message',
  messageId: id,
  text: 'x',
  status: 'sent',
  timestamp: 1,
});
const sending: ThreadEntry = { kind: 'message', messageId: 'm-own', text: 'x', status: 'sending' };
const run: ThreadEntry = { kind: 'run', runId: 'r1' };

const linesOf = (state: ReturnType<typeof pageAfter>, ...entries: readonly ThreadEntry[]) =>
  conversationLines(entries, state.conversations.starts, state.interruptions);
const lines = (...given: Parameters<typeof linesOf>) => linesOf(...given).map(({ key }) => key);

it('puts a break after what had begun before it', () => {
  const before = [ready(), message(1, 'a'), started(2)];
  expect(lines(pageAfter(...before, lost()), said('m-1'), run)).toEqual(['message m-1', 'run r1', 'interruption-1']);
  const after = [ready({ offset: 2, headOffset: 3 }), message(3, 'b')];
  expect(lines(pageAfter(...before, lost(), ...after), said('m-1'), run, said('m-3'))).toEqual([
    'message m-1',
    'run r1',
    'interruption-1',
    'message m-3',
  ]);
});

it('has what is on its way below the breaks, as something that came while the page watched', () => {
  const state = pageAfter(ready(), message(1, 'a'), lost());
  expect(lines(state, said('m-1'), sending)).toEqual(['message m-1', 'interruption-1', 'message m-own']);
  expect(linesOf(state, said('m-1'), sending).at(-1)).toMatchObject({ live: true });
});

it('leaves out breaks of before the conversation, and shows a reset on top', () => {
  const other = message(1, 'other', 'o', 't2');
  const back = ready({ offset: 1, headOffset: 1 });
  expect(lines(pageAfter(ready(), other, lost(), back, message(2, 'a')), said('m-2'))).toEqual(['message m-2']);
  const again = { epoch: 'e2', offset: 40, head_offset: 41 };
  const shown = ['interruption-1', 'message m-41'];
  expect(lines(pageAfter(reset(again), ready(again), message(41, 'a')), said('m-41'))).toEqual(shown);
  const lostBefore = [ready(), message(1, 'a'), lost()];
  expect(lines(pageAfter(...lostBefore, reset(again), ready(again), message(41, 'a')), said('m-41'))).toEqual(shown);
});

it('shows a break in a conversation without an entry', () => {
  expect(lines(pageAfter(ready(), lost()))).toEqual(['interruption-1']);
});
