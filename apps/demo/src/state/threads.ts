import type { OpenRun, ReceivedEvent } from '@ws/types';

/** One line of a conversation. `order` is the offset it began at; `live` tells whether it arrived while the page watched. */
export type ThreadItem =
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly order: number;
      readonly live: boolean;
      readonly text: string;
      readonly at: number;
    }
  | { readonly kind: 'run'; readonly key: string; readonly order: number; readonly live: boolean };

/** A conversation, made of nothing but events that carry its id. */
export interface Thread {
  /** Empty for what belongs to no conversation. */
  readonly id: string;
  /** First message of the user, else what is known of its first run. */
  readonly title: string | null;
  readonly items: readonly ThreadItem[];
  /** When the last event of it happened. */
  readonly lastAt: number;
}

export type ThreadMap = ReadonlyMap<string, Thread>;

export function threadsAfterEvent(threads: ThreadMap, event: ReceivedEvent, replay: boolean): ThreadMap {
  const isMessage = event.type === 'user_message';
  if (!isMessage && event.run_id === undefined) return threads;
  const thread = threads.get(event.thread_id ?? '') ?? emptyThread(event.thread_id);
  const order = event.offset ?? thread.items.at(-1)?.order ?? 0;
  const place = { order, live: !replay };
  const item: ThreadItem = isMessage
    ? { kind: 'message', key: event.payload.message_id, ...place, text: event.payload.text, at: event.timestamp }
    : { kind: 'run', key: event.run_id ?? '', ...place };
  const items = withItem(thread.items, item);
  const lastAt = Math.max(thread.lastAt, event.timestamp);
  const title = titleOf(thread, event, items);
  if (items === thread.items && lastAt === thread.lastAt && title === thread.title) return threads;
  return new Map(threads).set(thread.id, { ...thread, items, lastAt, title });
}

/** Makes place for runs that are open, some of which began before the oldest event kept. */
export function threadsWithOpenRuns(threads: ThreadMap, runs: readonly OpenRun[], at: number): ThreadMap {
  if (runs.length === 0) return threads;
  const next = new Map(threads);
  for (const run of runs) {
    const thread = next.get(run.thread_id ?? '') ?? { ...emptyThread(run.thread_id), lastAt: at };
    const item = { kind: 'run', key: run.run_id, order: run.started_offset, live: false } as const;
    next.set(thread.id, { ...thread, title: thread.title ?? run.agent_name, items: withItem(thread.items, item) });
  }
  return next;
}

function emptyThread(id = ''): Thread {
  return { id, title: null, items: [], lastAt: 0 };
}

function withItem(items: readonly ThreadItem[], item: ThreadItem): readonly ThreadItem[] {
  if (items.some(({ kind, key }) => kind === item.kind && key === item.key)) return items;
  const index = items.findLastIndex(({ order }) => order <= item.order) + 1;
  return items.toSpliced(index, 0, item);
}

function titleOf(thread: Thread, event: ReceivedEvent, items: readonly ThreadItem[]): string | null {
  if (event.type === 'user_message') {
    const first = items.find(({ kind }) => kind === 'message');
    return first?.key === event.payload.message_id ? event.payload.text : thread.title;
  }
  if (thread.title === null && event.type === 'agent_started') return event.payload.task ?? event.payload.agent_name;
  return thread.title;
}
