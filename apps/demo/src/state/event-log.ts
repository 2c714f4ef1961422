import type { ReceivedEvent } from '@ws/types';
import type { PageInput } from './page-input.ts';

/** One row of the event log: an event, or something that happened to the connection between two events. */
export type LogRow =
  | {
      readonly kind: 'event';
      readonly seq: number;
      readonly event: ReceivedEvent;
      readonly replay: boolean;
      /** The numbered copy of an event that came before without an offset. */
      readonly copy: boolean;
    }
  | { readonly kind: 'mark'; readonly seq: number; readonly text: string; readonly at: number };

/** Rows kept: the newest. */
export const LOG_ROWS = 500;

const LOST = 'connection lost';

export function reduceLog(rows: readonly LogRow[], input: PageInput): readonly LogRow[] {
  const seq = (rows.at(-1)?.seq ?? 0) + 1;
  const mark = (text: string, at: number): readonly LogRow[] => append(rows, { kind: 'mark', seq, text, at });
  switch (input.kind) {
    case 'item': {
      const { item } = input;
      if (item.kind === 'reset') return mark(`reset: the stream starts over after ${item.ready.offset}`, input.at);
      if (item.kind === 'run_snapshot') return mark(`snapshot of run ${item.snapshot.run_id}`, input.at);
      const { event } = item;
      if (item.kind === 'volatile') return append(rows, { kind: 'event', seq, event, replay: false, copy: false });
      return append(rows, { kind: 'event', seq, event, replay: item.replay, copy: item.replaces === 'volatile' });
    }
    case 'ready': {
      const { recovery, offset, headOffset } = input.ready;
      return mark(`connected (${recovery}) after ${offset}, ${Math.max(0, headOffset - offset)} to catch up`, input.at);
    }
    case 'client_state':
      if (input.state.status === 'closed') return mark(`closed: ${input.state.reason}`, input.at);
      // Each try that fails is no loss of its own.
      return input.state.status === 'waiting' && !isLost(rows) ? mark(LOST, input.at) : rows;
    case 'cut':
      return mark('connection cut by the button', input.at);
    default:
      return rows;
  }
}

function isLost(rows: readonly LogRow[]): boolean {
  const last = rows.at(-1);
  return last?.kind === 'mark' && last.text === LOST;
}

function append(rows: readonly LogRow[], row: LogRow): readonly LogRow[] {
  return rows.length < LOG_ROWS ? [...rows, row] : [...rows.slice(1 - LOG_ROWS), row];
}
