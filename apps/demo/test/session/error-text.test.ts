import { expect, it } from 'vitest';
import { WebSocketError } from '@ws/types';
import { errorText } from '../../src/session/error-text.ts';

const AWAY = 'The server can’t be reached.';

it('says of a request that did not get through what that means', () => {
  expect(errorText(new Error('no token', { cause: new TypeError('Failed to fetch') }))).toBe(AWAY);
  expect(errorText(new DOMException('signal is aborted without reason', 'AbortError'))).toBe(AWAY);
});

it('says of an answer that is not JSON, and of none, what that means', () => {
  expect(errorText(new SyntaxError('Unexpected token < in JSON'))).toMatch(/^The server’s answer can’t be read/);
  const none = new WebSocketError('REQUEST_TIMEOUT', 'no answer to user_message within 10000 ms');
  expect(errorText(none)).toBe('The server did not answer in time.');
});

it('shows the words of the server as they are', () => {
  expect(errorText(new Error('run r1 is not open'))).toBe('run r1 is not open');
});
