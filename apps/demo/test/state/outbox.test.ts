import { expect, it } from 'vitest';
import type { PageInput } from '../../src/state/page-input.ts';
import { message, pageAfter, ready, reset, started } from '../page-inputs.ts';
import { EMPTY_PAGE } from '../../src/state/page-state.ts';

const sent: PageInput = {
  kind: 'message_sent',
  message: { messageId: 'm', threadId: 't1', text: 'hello', at: 1 },
};
const failed: PageInput = { kind: 'message_failed', messageId: 'm', error: 'no answer' };

it('shows a message at once, until its event takes its place', () => {
  expect(pageAfter(sent).outbox).toHaveLength(1);
  const state = pageAfter(sent, message(1, 'hello', 'm'));
  expect(state.outbox).toEqual([]);
  expect(state.conversation.threads.get('t1')?.items).toHaveLength(1);
});

it('keeps a message that is not the one that came', () => {
  expect(pageAfter(sent, message(1, 'other', 'm2')).outbox).toHaveLength(1);
});

it('tells why a message was not sent, and forgets it when it is sent again', () => {
  expect(pageAfter(sent, failed).outbox[0]?.error).toBe('no answer');
  expect(pageAfter(sent, failed, sent).outbox).toEqual([sent.kind === 'message_sent' ? sent.message : null]);
});

it('lets go of a message that the user discards, and of one that arrived in spite of a timeout', () => {
  expect(pageAfter(sent, failed, { kind: 'message_dropped', messageId: 'm' }).outbox).toEqual([]);
  expect(pageAfter(sent, failed, message(1, 'hello', 'm')).outbox).toEqual([]);
});

it('shows another user nothing of the one before, and the same user what is on its way', () => {
  const before = [ready(), started(1), sent, failed];
  expect(pageAfter(...before, reset()).outbox).toHaveLength(1);
  const state = pageAfter(...before, reset({ user_id: 'u2' }));
  const { conversation, outbox } = EMPTY_PAGE;
  expect(state).toMatchObject({ conversation, outbox, connection: { connections: 1 } });
  expect(state.log.map(({ kind }) => kind)).toEqual(['mark']);
});
