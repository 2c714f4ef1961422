import type { LogEvent, LogPage } from '@ws/core/log';
import { WebSocketError, type Epoch, type Offset } from '@ws/types';
import { toLogEvent } from './event-record.ts';
import type { SendCommand } from './redis-leases.ts';

/** Times that a stream may change under a reader before it gives up. */
const MAX_TRIES = 5;

interface Ends {
  readonly epoch: Epoch | undefined;
  readonly head: Offset;
  readonly trimmed: Offset;
}

/**
 * Reads entries with plain commands, which cost the server a sixth of what a script does that copies them. They leave together,
 * and the epoch is asked for before and after: where it is the same, the entries in between belong to it, because no epoch ever
 * comes back.
 *
 * @param keys - `meta` and `events` of the stream
 * @param repair - runs a script on the stream, which makes it if it is not there, and begins it again if part of it is missing
 */
export async function readEntries(
  send: SendCommand,
  [meta, events]: readonly [meta: string, events: string, ...others: string[]],
  { after, limit, repair }: { after: Offset; limit: number; repair: () => Promise<unknown> },
): Promise<LogPage> {
  let from = after;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const [before, entries, epochAfter] = await Promise.all([
      send(meta, ['HMGET', meta, 'epoch', 'head', 'trimmed']).then(readEnds),
      send(events, ['XRANGE', events, `${from + 1}-0`, '+', 'COUNT', String(limit)]).then(readEvents),
      send(meta, ['HGET', meta, 'epoch']),
    ]);
    const { epoch, head, trimmed } = before;
    if (epoch !== undefined && epoch === epochAfter) {
      if (trimmed > from) {
        // What was let go may lie there still: it does not count.
        from = trimmed;
        continue;
      }
      if (entries.length >= Math.min(limit, head - from)) return { epoch, events: entries };
    }
    await repair();
  }
  throw new WebSocketError('LOG_UNAVAILABLE', `the stream at ${meta} changes faster than it can be read: try again`);
}

function readEnds(reply: unknown): Ends {
  const [epoch, head, trimmed] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
  return { epoch: typeof epoch === 'string' ? epoch : undefined, head: Number(head), trimmed: Number(trimmed) };
}

/** Entries as Redis answers them: an id, and the fields `i`, `h` and `d`. */
function readEvents(reply: unknown): readonly LogEvent[] {
  const entries = reply as readonly (readonly [id: string, fields: readonly string[]])[];
  return entries.map(([id, [, eventId = '', , header = '', , data = '']]) =>
    toLogEvent(Number.parseInt(id, 10), eventId, header, data),
  );
}
