import { expect, it } from 'vitest';
import { readUserId } from '../../src/app/place.ts';

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const entries = new Map<string, string>();
  return { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, value) };
}

it('takes the user from the address', () => {
  expect(readUserId('?user=alice', memory())).toBe('alice');
});

it('makes a guest of one who is not named or can not be, and remembers it', () => {
  const storage = memory();
  const guest = readUserId('?user=not%20an%20id', storage);
  expect(guest).toMatch(/^guest-[a-z\d]{4}$/);
  expect(readUserId('', storage)).toBe(guest);
});
