import { describe, expect, it } from 'vitest';
import { getWebSocketManager, type UserContext } from '../src/index.ts';
import { parseStreamKey, streamKey, type StreamKey } from '../src/log.ts';
import { toThreadId, toUserId } from '@ws/types';
import { setUp } from './support/world.ts';

describe('a user context', () => {
  it.each([
    [undefined, 'USER_CONTEXT_REQUIRED'],
    [null, 'USER_CONTEXT_REQUIRED'],
    ['alice', 'USER_CONTEXT_REQUIRED'],
    [{}, 'INVALID_USER_ID'],
    [{ userId: '' }, 'INVALID_USER_ID'],
    [{ userId: 'al ice' }, 'INVALID_USER_ID'],
    [{ userId: 7 }, 'INVALID_USER_ID'],
    [{ userId: 'alice', threadId: 'a b' }, 'INVALID_ID'],
    [{ userId: 'alice', mode: 'isolated' }, 'INVALID_ID'],
    [{ userId: 'alice', mode: 'isolated', threadId: '' }, 'INVALID_ID'],
    [{ userId: 'alice', mode: 'degraded' }, 'INVALID_OPTION'],
    [{ userId: 'alice', mode: 'emergency' }, 'INVALID_OPTION'],
    [{ userId: 'alice', mode: 'admin' }, 'INVALID_OPTION'],
  ])('%j is refused with %s', (context, code) => {
    const { hub } = setUp();
    expect(() => getWebSocketManager(context as unknown as UserContext, hub)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('the manager factory', () => {
  it('gives the same manager for the same user, and another one for any other', () => {
    const { hub } = setUp();
    const alice = getWebSocketManager({ userId: 'alice' }, hub);
    expect(getWebSocketManager({ userId: 'alice' }, hub)).toBe(alice);
    expect(getWebSocketManager({ userId: 'alice', threadId: 't1' }, hub)).toBe(alice);
    expect(getWebSocketManager({ userId: 'bob' }, hub)).not.toBe(alice);
    const isolated = getWebSocketManager({ userId: 'alice', mode: 'isolated', threadId: 't1' }, hub);
    expect(isolated).not.toBe(alice);
    expect(getWebSocketManager({ userId: 'alice', mode: 'isolated', threadId: 't1' }, hub)).toBe(isolated);
    expect([isolated.mode, alice.mode]).toEqual(['isolated', 'unified']);
    expect(getWebSocketManager({ userId: 'alice' }, setUp().hub)).not.toBe(alice);
  });
});

describe('a stream key', () => {
  it('is read back as what it was made of', () => {
    const [alice, t1] = [toUserId('alice'), toThreadId('t1')];
    expect(parseStreamKey(streamKey(alice))).toEqual({ userId: 'alice' });
    expect(parseStreamKey(streamKey(alice, t1))).toEqual({ userId: 'alice', isolatedThread: 't1' });
    expect(() => parseStreamKey('' as StreamKey)).toThrow(expect.objectContaining({ code: 'INVALID_USER_ID' }));
    expect(() => parseStreamKey('alice ' as StreamKey)).toThrow(expect.objectContaining({ code: 'INVALID_ID' }));
  });
});
