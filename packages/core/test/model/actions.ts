import fc from 'fast-check';
import type { EventInput } from '@ws/types';
import type { AppendFault } from '../support/log-door.ts';
import { anyEvent } from './events.ts';

/** Server processes of the world. */
export const NODES = 2;
/** The threads that each client asks for at first; `undefined` is all. */
export const VIEWS: readonly (readonly string[] | undefined)[] = [undefined, undefined, ['t1'], ['t1', 't2']];

/** One thing that happens. */
export type Action =
  | {
      readonly do: 'emit';
      readonly node: number;
      readonly event: EventInput;
      readonly settle: boolean;
      readonly named: boolean;
    }
  | { readonly do: 'burst'; readonly node: number; readonly event: EventInput; readonly count: number }
  /** The same event again, from any process: its publisher has not heard what became of it. */
  | { readonly do: 'repeat'; readonly node: number; readonly which: number }
  | { readonly do: 'connect'; readonly client: number; readonly node: number; readonly batch: boolean }
  | { readonly do: 'disconnect' | 'stall' | 'unstall'; readonly client: number }
  /** A client wants to see other threads. */
  | { readonly do: 'setThreads'; readonly client: number; readonly threads: readonly string[] | undefined }
  | { readonly do: 'wait'; readonly ms: number }
  /** News of the log stay out, and come. */
  | { readonly do: 'hold' | 'release'; readonly node: number }
  /** The process dies, or is replaced in good order. */
  | { readonly do: 'restart' | 'deploy'; readonly node: number }
  /** Retention of another process. */
  | { readonly do: 'trim'; readonly keep: number }
  | { readonly do: 'logAway' | 'logBack'; readonly node: number }
  | { readonly do: 'failAppend'; readonly node: number; readonly fault: AppendFault }
  | { readonly do: 'slowLog'; readonly node: number; readonly ms: number; readonly answerMs: number }
  /** The log lost everything and begins anew. */
  | { readonly do: 'loseLog' };

const node = fc.nat(NODES - 1);
const client = fc.nat(VIEWS.length - 1);
const ms = fc.constantFrom(0, 0, 1, 7, 40);
const one = <Name extends Action['do']>(...names: [Name, ...Name[]]): fc.Arbitrary<Name> => fc.constantFrom(...names);

/** What happens in a world whose log answers at once and never fails. */
const calm: fc.MaybeWeightedArbitrary<Action>[] = [
  {
    weight: 24,
    arbitrary: fc.record({ do: one('emit'), node, event: anyEvent, settle: fc.boolean(), named: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: one('burst'), node, event: anyEvent, count: fc.integer({ min: 4, max: 12 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: one('repeat'), node, which: fc.nat(9) }) },
  { weight: 5, arbitrary: fc.record({ do: one('connect'), client, node, batch: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: one('disconnect', 'stall', 'unstall'), client }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one('setThreads'),
      client,
      threads: fc.constantFrom<readonly string[] | undefined>(undefined, ['t1'], ['t2'], ['t1', 't2'], ['t3']),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: one('wait'), ms: fc.constantFrom(1, 10, 25, 30, 300) }) },
  { weight: 2, arbitrary: fc.record({ do: one('hold', 'release'), node }) },
  { weight: 1, arbitrary: fc.record({ do: one('restart', 'deploy'), node }) },
  { weight: 1, arbitrary: fc.record({ do: one('trim'), keep: fc.nat(12) }) },
];

const trouble: fc.MaybeWeightedArbitrary<Action>[] = [
  { weight: 3, arbitrary: fc.record({ do: one('logAway', 'logBack', 'logBack'), node }) },
  { weight: 2, arbitrary: fc.record({ do: one('failAppend'), node, fault: fc.constantFrom('before', 'after') }) },
  { weight: 2, arbitrary: fc.record({ do: one('slowLog'), node, ms, answerMs: ms }) },
  { weight: 2, arbitrary: fc.record({ do: one('wait'), ms: fc.constantFrom(300, 600, 3_000) }) },
];

const loss: fc.MaybeWeightedArbitrary<Action> = {
  weight: 1,
  arbitrary: fc.record({ do: one('loseLog') }),
};

const several = (...choices: fc.MaybeWeightedArbitrary<Action>[]): fc.Arbitrary<Action[]> =>
  fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 100, size: 'max' });

/** A history of the world: calm ones, ones with a log in trouble, and ones with a log that is lost besides. */
export const anyActions: fc.Arbitrary<Action[]> = fc.oneof(
  { weight: 2, arbitrary: several(...calm) },
  { weight: 3, arbitrary: several(...calm, ...trouble) },
  { weight: 1, arbitrary: several(...calm, ...trouble, loss) },
);

/** Limits so small that they are met, and such that they are not. */
export const anySettings = fc.record({
  tuning: fc.record({
    coalesceMs: fc.constantFrom(0, 25),
    outboundBudgetBytes: fc.constantFrom(200, 700, 100_000),
    tailEvents: fc.constantFrom(2, 512),
    pageEvents: fc.constantFrom(2, 500),
    streamIdleMs: fc.constantFrom(0, 60_000),
  }),
  outage: fc.record({
    emitDeadlineMs: fc.constantFrom(1_000, 30_000),
    bufferEvents: fc.constantFrom(3, 100_000),
  }),
  retention: fc.constantFrom({ maxEvents: 6 }, { maxEvents: 1_000 }),
});
