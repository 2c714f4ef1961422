import { foldRunEvent, type NumberedEvent, type RunState } from '@ws/types';
import { historyOf, type HistoryItem } from '../support/history.ts';
import type { ClientView } from '../support/protocol-client.ts';

/** What the user's stream is, in a few lines: a list of accepted events. */
export class WorldModel {
  events: NumberedEvent[] = [];

  /** What a client has to hold that had these views, one after the other. */
  history(views: readonly ClientView[]): HistoryItem[] {
    return historyOf(
      this.events.filter((event) => {
        const view = views.findLast(({ from }) => from < event.offset);
        return view !== undefined && isSeen(event, view.threads);
      }),
    );
  }

  runs(threads: readonly string[] | undefined): Map<string, RunState> {
    const runs = new Map<string, RunState>();
    for (const event of this.seen(threads)) {
      if (event.run_id !== undefined) runs.set(event.run_id, foldRunEvent(runs.get(event.run_id), event));
    }
    return runs;
  }

  seen(threads: readonly string[] | undefined): NumberedEvent[] {
    return this.events.filter((event) => isSeen(event, threads));
  }
}

function isSeen({ thread_id }: NumberedEvent, threads: readonly string[] | undefined): boolean {
  return threads === undefined || thread_id === undefined || threads.includes(thread_id);
}
