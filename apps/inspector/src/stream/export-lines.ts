import type { History } from '../api/fetch-history.ts';

/** The events as JSON Lines: one event a line, oldest first. */
function toJsonLines({ events }: History): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** Hands the events to the browser as a file. */
export function saveJsonLines(userId: string, history: History): void {
  const { events } = history;
  const range = `${events[0]?.offset ?? 0}-${events.at(-1)?.offset ?? 0}`;
  const url = URL.createObjectURL(new Blob([toJsonLines(history)], { type: 'application/jsonl' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${userId.replace(/[^\w.@-]/g, '_')}-${range}.jsonl`;
  link.click();
  // The browser has begun to save by the next turn.
  setTimeout(() => URL.revokeObjectURL(url));
}
