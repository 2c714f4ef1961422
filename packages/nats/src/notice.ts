import type { Msg } from '@nats-io/transport-node';
import type { AppendNotice } from '@ws/core/log';
import type { Epoch } from '@ws/types';
import { beforeOf, decodeEvents, partsIn } from './event-message.ts';
import { lastOffsetOf } from './offsets.ts';
import { previousOf } from './raw-message.ts';
import type { StoredMessage } from './stream-index.ts';

/** Where a message that JetStream published again lies, and where the one before it on its subject. */
const SEQUENCE = 'Nats-Sequence';
const BEFORE = 'Nats-Last-Sequence';

/**
 * What a message that JetStream published again says, once it was stored. `undefined` for one that somebody else published, or that
 * may be void: whoever listens reads the stream.
 *
 * @param told - called with the message when its events are news
 */
export function readNotice(
  { headers, data }: Msg,
  epoch: Epoch,
  told: (message: StoredMessage) => void,
): AppendNotice | undefined {
  const sequence = Number(headers?.get(SEQUENCE) ?? 0);
  if (!(sequence > 0)) return undefined;
  const previous = previousOf(headers);
  if (Number(headers?.get(BEFORE)) !== previous) return undefined;
  return {
    epoch,
    prev: lastOffsetOf(previous),
    last: lastOffsetOf(sequence),
    events: () => {
      try {
        if (partsIn(data) !== undefined) return [];
        const events = decodeEvents(data, sequence, previous);
        told({ sequence, previous, before: beforeOf(data, previous), events });
        return events;
      } catch {
        // A message of somebody else: whoever reads the stream is told what is wrong.
        return [];
      }
    },
  };
}
