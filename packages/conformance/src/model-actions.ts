import fc from 'fast-check';
import type { RetentionPolicy } from '@ws/core';

/** One append of an action: which stream, which event ids, and what it takes the head to be. */
export interface ModelAppend {
  readonly stream: number;
  readonly ids: readonly number[];
  readonly guard: 'none' | 'right' | 'stale' | 'foreign';
}

/** Something that is done to a log and to the model alike. */
export type ModelAction =
  | { readonly kind: 'append'; readonly append: ModelAppend }
  /** All at once. */
  | { readonly kind: 'burst'; readonly appends: readonly ModelAppend[] }
  /** `share`: where in the stream, from before its beginning (0) to behind its end (1). */
  | { readonly kind: 'read'; readonly stream: number; readonly share: number; readonly limit: number }
  | { readonly kind: 'lookup'; readonly stream: number; readonly ids: readonly number[] }
  | { readonly kind: 'trim'; readonly stream: number; readonly share: number }
  | { readonly kind: 'trimmable'; readonly stream: number; readonly policy: RetentionPolicy }
  | { readonly kind: 'restart' };

export const STREAMS = 3;
/** Age of the event with id `n` in milliseconds: a few different ones, in no order. */
export const ageOf = (id: number): number => (id * 7) % 5;

const stream = fc.nat(STREAMS - 1);
// So few that most actions meet an id that is there already.
const ids = fc.array(fc.nat(15), { minLength: 1, maxLength: 5 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const append = fc.record<ModelAppend>({
  stream,
  ids,
  guard: fc.constantFrom('none', 'none', 'right', 'stale', 'foreign'),
});
const atMost = (max: number) => fc.oneof(fc.constant(Infinity), fc.nat(max));

/** Random things to do to a log, one after the other. */
export function modelActions(options: { restarts: boolean }): fc.Arbitrary<readonly ModelAction[]> {
  const kinds: fc.WeightedArbitrary<ModelAction>[] = [
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('append'), append }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('burst'), appends: fc.array(append, { maxLength: 5 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('read'), stream, share, limit: fc.integer({ min: 1, max: 6 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('lookup'), stream, ids }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('trim'), stream, share }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('trimmable'),
        stream,
        policy: fc.record({ maxEvents: atMost(8), maxBytes: atMost(80), maxAgeMs: atMost(5) }),
      }),
    },
  ];
  if (options.restarts) kinds.push({ weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) });
  return fc.array(fc.oneof(...kinds), { minLength: 3, maxLength: 30, size: 'max' });
}
