import { streamKey } from '@ws/core/log';
import { toThreadId, toUserId } from '@ws/types';
import { describe, expect, test } from 'vitest';
import { Keys } from '../src/keys.ts';

describe('keys', () => {
  const keys = new Keys('ws:');
  const hashTagOf = (key: string) => /\{(.+?)\}/.exec(key)?.[1];

  test.each(['alice', 'a}b', '{}', '}{x}', '%7d', 'ünï', 'a{b}c'])(
    'of user %s share a hash slot of their own',
    (user) => {
      const stream = streamKey(toUserId(user));
      const all = [...keys.ofStream(stream), keys.channelOf(stream), keys.probeBeside(keys.ofStream(stream)[0])];
      expect(new Set(all).size).toBe(5);
      expect(new Set(all.map(hashTagOf)).size).toBe(1);
    },
  );

  test('of different streams differ', () => {
    const streams = ['a', 'a}', 'a%7d', 'a{', '%'].map((user) => streamKey(toUserId(user)));
    const isolated = streamKey(toUserId('a'), toThreadId('t'));
    expect(new Set([...streams, isolated].map((stream) => keys.channelOf(stream))).size).toBe(6);
  });
});
