import { AUTHENTICATION } from './pains/authentication.ts';
import { CODE } from './pains/code.ts';
import { CONNECTING } from './pains/connecting.ts';
import { EVENTS } from './pains/events.ts';
import { ISOLATION } from './pains/isolation.ts';
import { LOAD } from './pains/load.ts';
import type { Pain } from './pains/pain.ts';

/** Everything that hurt in the first system, in the order of its numbers; each is a claim. */
export const PAINS: readonly Pain[] = [
  ...EVENTS,
  ...ISOLATION,
  ...CONNECTING,
  ...AUTHENTICATION,
  ...LOAD,
  ...CODE,
].sort((a, b) => a.number - b.number);
