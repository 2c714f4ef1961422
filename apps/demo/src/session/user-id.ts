import { isUserId } from '@ws/types';
import { randomId } from './random-id.ts';

const KEY = 'demo:user';

/** The user of this page: named in the address, else a guest that this browser remembers. */
export function readUserId(search: string, storage: Pick<Storage, 'getItem' | 'setItem'>): string {
  const named = new URLSearchParams(search).get('user');
  if (isUserId(named)) return named;
  const remembered = storage.getItem(KEY);
  if (isUserId(remembered)) return remembered;
  const guest = `guest-${randomId(4)}`;
  storage.setItem(KEY, guest);
  return guest;
}
