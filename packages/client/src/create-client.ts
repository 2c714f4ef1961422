import type { Client } from './client.ts';
import type { ClientOptions } from './client-options.ts';

/** Stub: the implementation follows. */
export function createClient(_options: ClientOptions): Client {
  throw new Error('not written yet');
}
