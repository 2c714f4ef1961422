import assert from 'node:assert/strict';
import type { EventLog } from '@ws/core';
import type { LogEvent, StreamKey } from '@ws/core/log';
import type { StreamPosition } from '@ws/types';

/** What a reader that comes back is told. */
export interface Recovered {
  readonly recovery: 'new' | 'resumed' | 'reset';
  readonly events: readonly LogEvent[];
}

/**
 * Reads a stream on from a position as a server does for a client that comes back: nothing is missing, or it is told `reset`.
 * `meanwhile` happens after the first page.
 */
export async function recover(
  log: EventLog,
  stream: StreamKey,
  position: StreamPosition | undefined,
  { page, meanwhile }: { page: number; meanwhile?: () => Promise<unknown> },
): Promise<Recovered> {
  const { epoch, oldest, head } = await log.head(stream);
  if (position === undefined) return { recovery: 'new', events: [] };
  const kept = position.epoch === epoch && position.offset >= oldest - 1 && position.offset <= head;
  const events: LogEvent[] = [];
  for (let after = kept ? position.offset : oldest - 1, pages = 0; ; pages += 1) {
    if (pages === 1) await meanwhile?.();
    const read = await log.read(stream, after, page);
    const last = read.events.at(-1);
    if (last === undefined && pages > 0) return { recovery: kept ? 'resumed' : 'reset', events };
    assert.ok(last === undefined || last.offset > after, 'a page begins after its position');
    events.push(...read.events);
    after = last?.offset ?? after;
  }
}
