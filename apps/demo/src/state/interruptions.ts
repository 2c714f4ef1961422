import type { Recovery } from '@ws/types';
import type { DeliveryAudit } from './delivery-audit.ts';
import type { PageInput } from './page-input.ts';

/** A stretch without a connection, or a start over, as the page tells of it. */
export interface Interruption {
  readonly id: number;
  /** `cut`: by the button of the page; `lost`: by anything else; `load`: the page opened to a history that is not whole. */
  readonly cause: 'cut' | 'lost' | 'load';
  readonly code?: number;
  readonly lostAt: number;
  /** Last offset before it. */
  readonly offset: number;
  /** Where it is shown: after the last item that began at or before this offset. */
  readonly shownAfter: number;
  readonly phase: 'open' | 'replaying' | 'over';
  readonly recovery?: Recovery;
  readonly resumedAt?: number;
  readonly headOffset?: number;
  /** Events that came as replay since the connection is back. */
  readonly replayed: number;
  /** Gaps that the page counted since. */
  readonly missing: number;
}

const KEPT = 20;

/** @param before The audit before the input; @param after the one after it. */
export function reduceInterruptions(
  list: readonly Interruption[],
  input: PageInput,
  before: DeliveryAudit,
  after: DeliveryAudit,
  cutting: boolean,
): readonly Interruption[] {
  const current = list.at(-1);
  switch (input.kind) {
    case 'client_state': {
      const { state } = input;
      const down = state.status === 'waiting' || state.status === 'closed';
      // Before the first connection nothing was interrupted.
      if (!down || before.last === null || current?.phase === 'open') return list;
      const code = state.code === undefined ? {} : { code: state.code };
      const lost: Interruption = {
        id: (current?.id ?? 0) + 1,
        cause: cutting ? 'cut' : 'lost',
        ...code,
        lostAt: input.at,
        offset: before.last,
        shownAfter: before.last,
        phase: 'open',
        replayed: 0,
        missing: 0,
      };
      const settled = current?.phase === 'replaying' ? list.with(-1, { ...current, phase: 'over' }) : list;
      return [...settled, lost].slice(-KEPT);
    }
    case 'item':
      if (input.item.kind === 'reset') return startOver(list, input.item.ready.offset, input.at, before);
      if (current?.phase !== 'replaying' || after.received === before.received) return list;
      return list.with(-1, replayed(current, before, after));
    case 'ready': {
      if (current?.phase !== 'open') return list;
      const { recovery, headOffset, offset } = input.ready;
      return list.with(-1, {
        ...current,
        phase: headOffset > offset ? 'replaying' : 'over',
        recovery: current.recovery ?? recovery,
        resumedAt: input.at,
        headOffset,
      });
    }
    default:
      return list;
  }
}

function replayed(current: Interruption, before: DeliveryAudit, after: DeliveryAudit): Interruption {
  const over = after.last !== null && after.last >= (current.headOffset ?? 0);
  return {
    ...current,
    replayed: current.replayed + after.replayed - before.replayed,
    missing: current.missing + after.gaps - before.gaps,
    phase: over ? 'over' : 'replaying',
  };
}

function startOver(
  list: readonly Interruption[],
  offset: number,
  at: number,
  before: DeliveryAudit,
): readonly Interruption[] {
  const current = list.at(-1);
  // Places of the old numbering mean nothing now: only this one is still shown.
  if (current?.phase === 'open') return [{ ...current, recovery: 'reset', shownAfter: offset }];
  const id = (current?.id ?? 0) + 1;
  const last = before.last ?? 0;
  const reset = {
    id,
    cause: 'load',
    recovery: 'reset',
    lostAt: at,
    resumedAt: at,
    offset: last,
    shownAfter: offset,
  } as const;
  return [{ ...reset, phase: 'over', replayed: 0, missing: 0 }];
}
