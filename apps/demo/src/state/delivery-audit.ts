import type { NumberedEvent } from '@ws/types';
import type { PageInput, WireFact } from './page-input.ts';

/**
 * The page's own check of what the client promises, from nothing but the offsets it saw: nothing is missing and nothing comes
 * twice. It looks at two places, the socket and what the client handed out.
 */
export interface DeliveryAudit {
  readonly epoch: string | null;
  /** Offset of the last event handed out. */
  readonly last: number | null;
  /** Events handed out; one that was joined from `n` counts `n`. */
  readonly received: number;
  /** Of those, events that happened before their connection caught up. */
  readonly replayed: number;
  /** Places where an event did not follow the one before it. */
  readonly gaps: number;
  /** Events handed out a second time. */
  readonly repeated: number;
  /** Events that came over the socket a second time: the client drops them. */
  readonly duplicates: number;
  /** Highest offset seen on the socket. */
  readonly wireHigh: number;
  readonly wireEpoch: string | null;
}

export const NOTHING_DELIVERED: DeliveryAudit = {
  epoch: null,
  last: null,
  received: 0,
  replayed: 0,
  gaps: 0,
  repeated: 0,
  duplicates: 0,
  wireHigh: 0,
  wireEpoch: null,
};

export function reduceAudit(audit: DeliveryAudit, input: PageInput): DeliveryAudit {
  switch (input.kind) {
    case 'wire':
      return input.facts.reduce(lookAtWire, audit);
    case 'ready': {
      const { epoch, offset } = input.ready;
      return audit.last === null || audit.epoch !== epoch ? { ...audit, epoch, last: offset } : audit;
    }
    case 'item': {
      const { item } = input;
      if (item.kind === 'reset') return { ...audit, epoch: item.ready.epoch, last: item.ready.offset };
      if (item.kind !== 'event') return audit;
      return lookAtDelivery(audit, item.event, item.replay);
    }
    default:
      return audit;
  }
}

function lookAtWire(audit: DeliveryAudit, fact: WireFact): DeliveryAudit {
  switch (fact.kind) {
    case 'start': {
      // What the server sends again because the client asked for it is no duplicate.
      const wireHigh = audit.wireEpoch === fact.epoch ? Math.min(audit.wireHigh, fact.offset) : fact.offset;
      return { ...audit, wireEpoch: fact.epoch, wireHigh };
    }
    case 'event':
      return fact.offset > audit.wireHigh
        ? { ...audit, wireHigh: fact.offset }
        : { ...audit, duplicates: audit.duplicates + 1 };
    case 'draining':
      return audit;
  }
}

function lookAtDelivery(audit: DeliveryAudit, event: NumberedEvent<string, unknown>, replay: boolean): DeliveryAudit {
  const { last } = audit;
  const before = event.prev ?? event.offset - 1;
  const count = event.merged ?? 1;
  const repeated = last !== null && event.offset <= last;
  const gap = !repeated && last !== null && before > last;
  return {
    ...audit,
    last: repeated ? last : event.offset,
    received: audit.received + count,
    replayed: audit.replayed + (replay ? count : 0),
    gaps: audit.gaps + (gap ? 1 : 0),
    repeated: audit.repeated + (repeated ? 1 : 0),
  };
}
