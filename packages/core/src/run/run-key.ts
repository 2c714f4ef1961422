import type { RunId } from '@ws/types';
import type { StreamKey } from '../stream-key.ts';

declare const brand: unique symbol;

/** Name of a run in this process. */
export type RunKey = string & { readonly [brand]: 'RunKey' };

/** Run ids are unique in their stream only: two users may each have a run of the same id, and neither knows of the other's. */
export function runKey(stream: StreamKey, runId: RunId): RunKey {
  // No id holds white space, so the pair can't be confused with another.
  return `${stream}\n${runId}` as RunKey;
}
