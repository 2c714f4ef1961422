import type { Offset } from '@ws/types';
import type { EventLog } from '../log/event-log.ts';
import { applyRunEvent, changesRuns } from '../run/apply-run-event.ts';
import { reservedBy } from '../run/reserved-ids.ts';
import { RunTable } from '../run/run-table.ts';
import type { StreamKey } from '../stream-key.ts';
import { decodeCheckpoint, restoreRuns, type Checkpoint } from './checkpoint.ts';
import { toRunEvent } from './event-codec.ts';

/** What a stream holds in memory, made from its log. */
export interface LoadedStream {
  readonly epoch: string;
  readonly oldest: Offset;
  /** When the oldest event was made, in milliseconds since 1970; `undefined` if none is kept. */
  readonly oldestAt: number | undefined;
  head: Offset;
  readonly runs: RunTable;
  readonly checkpoint: Checkpoint | undefined;
}

const LOAD_PAGE = 1000;

/** Reads a stream's ends and folds its events into the table of runs, so that run order holds across restarts. */
export async function loadStream(log: EventLog, key: StreamKey): Promise<LoadedStream> {
  const { epoch, oldest, head: headThen, checkpoint: stored } = await log.head(key);
  const checkpoint = stored === undefined ? undefined : decodeCheckpoint(stored);
  const runs = checkpoint === undefined ? new RunTable() : restoreRuns(checkpoint);
  let head = oldest - 1;
  let oldestAt: number | undefined;
  while (head < headThen) {
    const page = await log.read(key, head, LOAD_PAGE);
    const last = page.events.at(-1);
    if (last === undefined) break;
    oldestAt ??= page.events[0]?.timestamp;
    for (const event of page.events) {
      const reserved = reservedBy(event);
      if (reserved !== undefined) runs.reserve(reserved);
      if (changesRuns(event.type)) applyRunEvent(runs, toRunEvent(event), event.offset);
    }
    head = last.offset;
  }
  return { epoch, oldest, oldestAt, head: Math.max(head, headThen), runs, checkpoint };
}
