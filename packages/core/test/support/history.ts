import { isDeltaEvent, type JsonObject } from '@ws/types';

/** What a screen keeps of an event; consecutive deltas of one run count by their concatenation. */
export interface HistoryItem {
  readonly type: string;
  readonly run: string | undefined;
  readonly content: string;
}

interface EventLike {
  readonly type: string;
  readonly run_id?: string;
  readonly payload: JsonObject;
}

/** Adds an event to a history, in a form in which merged and single deltas read the same. */
export function appendToHistory(history: HistoryItem[], { type, run_id, payload }: EventLike): void {
  const last = history.at(-1);
  if (!isDeltaEvent(type)) {
    history.push({ type, run: run_id, content: JSON.stringify(payload) });
  } else if (last !== undefined && last.type === type && last.run === run_id) {
    history[history.length - 1] = { ...last, content: last.content + deltaOf(payload) };
  } else {
    history.push({ type, run: run_id, content: deltaOf(payload) });
  }
}

export function historyOf(events: readonly EventLike[]): HistoryItem[] {
  const history: HistoryItem[] = [];
  for (const event of events) appendToHistory(history, event);
  return history;
}

function deltaOf({ delta }: JsonObject): string {
  if (typeof delta !== 'string') throw new Error('a delta event without its delta');
  return delta;
}
