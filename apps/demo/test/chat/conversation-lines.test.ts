import { expect, it } from 'vitest';
import { conversationLines } from '../../src/chat/conversation-lines.ts';
import type { OutboxMessage } from '../../src/state/outbox-message.ts';
import { lost, message, pageAfter, ready, reset, started } from '../page-inputs.ts';

const lines = (state: ReturnType<typeof pageAfter>, outbox: readonly OutboxMessage[] = []) =>
  conversationLines(state.conversation.threads.get('t1'), outbox, state.interruptions).map(({ key }) => key);

it('puts a break after what had begun before it', () => {
  const before = [ready(), message(1, 'a'), started(2)];
  expect(lines(pageAfter(...before, lost()))).toEqual(['m-1', 'r1', 'interruption-1']);
  const after = [ready({ offset: 2, head_offset: 3 }), message(3, 'b')];
  expect(lines(pageAfter(...before, lost(), ...after))).toEqual(['m-1', 'r1', 'interruption-1', 'm-3']);
});

it('puts what is on its way at the end', () => {
  const outbox = [{ messageId: 'm-9', threadId: 't1', text: 'x', at: 1 }];
  expect(lines(pageAfter(ready(), message(1, 'a'), lost()), outbox)).toEqual(['m-1', 'interruption-1', 'm-9']);
});

it('leaves out breaks of before the conversation, and shows a reset on top', () => {
  const other = message(1, 'other', 'o', 't2');
  const back = ready({ offset: 1, head_offset: 1 });
  expect(lines(pageAfter(ready(), other, lost(), back, message(2, 'a')))).toEqual(['m-2']);
  const again = { epoch: 'e2', offset: 40, head_offset: 41 };
  expect(lines(pageAfter(reset(again), ready(again), message(41, 'a')))).toEqual(['interruption-1', 'm-41']);
  const lostBefore = [ready(), message(1, 'a'), lost()];
  expect(lines(pageAfter(...lostBefore, reset(again), ready(again), message(41, 'a')))).toEqual([
    'interruption-1',
    'm-41',
  ]);
});

it('shows a break in a conversation without a line', () => {
  expect(conversationLines(undefined, [], pageAfter(ready(), lost()).interruptions)).toHaveLength(1);
});
