import * as fc from 'fast-check';

/** One thing that goes right or wrong between a server and a client. */
export type Step =
  | { readonly do: 'emit' | 'volatile'; readonly count: number; readonly how: 'single' | 'batch' | 'merged' }
  | { readonly do: 'repeat' | 'read' | 'trim'; readonly count: number }
  | { readonly do: 'lose' | 'unreadable' | 'lose_log' | 'drain' }
  | { readonly do: 'cut'; readonly code: number }
  | { readonly do: 'wait'; readonly ms: number };

const count = fc.integer({ min: 1, max: 8 });

/** Sequences of steps, mostly of ordinary life. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom('emit' as const, 'emit' as const, 'volatile' as const),
        count,
        how: fc.constantFrom('single' as const, 'batch' as const, 'merged' as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('read' as const, 'read' as const, 'repeat' as const, 'trim' as const),
        count,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('cut' as const), code: fc.constantFrom(1001, 1006, 1012, 4001, 4008) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 10, 1_000, 60_000) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('lose' as const, 'unreadable' as const, 'lose_log' as const, 'drain' as const),
      }),
    },
  ),
  { maxLength: 40 },
);
