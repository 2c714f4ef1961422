import { foldRunEvent, type NumberedEvent, type RunState } from '@ws/types';
import { historyOf, type HistoryItem } from '../support/history.ts';

/** What the user's stream is, in a few lines: a list of accepted events. */
export class WorldModel {
  events: NumberedEvent[] = [];

  /** What a client has to hold that sees `threads` and began after `from`. */
  history(from: number, threads: readonly string[] | undefined): HistoryItem[] {
    return historyOf(this.seen(threads).filter((event) => event.offset > from));
  }

  runs(threads: readonly string[] | undefined): Map<string, RunState> {
    const runs = new Map<string, RunState>();
    for (const event of this.seen(threads)) {
      if (event.run_id !== undefined) runs.set(event.run_id, foldRunEvent(runs.get(event.run_id), event));
    }
    return runs;
  }

  seen(threads: readonly string[] | undefined): NumberedEvent[] {
    return this.events.filter(
      ({ thread_id }) => threads === undefined || thread_id === undefined || threads.includes(thread_id),
    );
  }
}
