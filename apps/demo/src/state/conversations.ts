import type { ReceivedEvent } from '@ws/types';
import type { PageInput } from './page-input.ts';

/** The conversation of the runs that belong to no thread; `useThread` calls it `null`. */
export const NO_THREAD = '';

/** An entry of the list of conversations; what was said in it, `useThread` has. */
export interface Conversation {
  readonly threadId: string;
  /** First message of the user, else what is known of its first run. */
  readonly title: string | null;
  /** The title is a message of the user. */
  readonly isAsked: boolean;
  /** When the last event of it happened. */
  readonly lastAt: number;
}

/** Where a message or a run began. */
interface Start {
  readonly threadId: string;
  readonly offset: number;
  /** It arrived while the page watched. */
  readonly live: boolean;
}

/** What `@ws/react` does not keep of the conversations: which there are, and where their entries began. */
export interface Conversations {
  readonly threads: ReadonlyMap<string, Conversation>;
  /** By {@link entryKey}. */
  readonly starts: ReadonlyMap<string, Start>;
}

export const NO_CONVERSATIONS: Conversations = { threads: new Map(), starts: new Map() };

/** Names a message or a run among all entries of all conversations. */
export function entryKey(kind: 'message' | 'run', id: string): string {
  return `${kind} ${id}`;
}

/** Conversations, the latest first. */
export function latestFirst(threads: ReadonlyMap<string, Conversation>): readonly Conversation[] {
  return [...threads.values()].sort((a, b) => b.lastAt - a.lastAt);
}

export function reduceConversations(conversations: Conversations, input: PageInput): Conversations {
  if (input.kind === 'ready') {
    // Some of the open runs began before the oldest event kept.
    return input.ready.openRuns.reduce((known, run) => {
      const threadId = run.thread_id ?? NO_THREAD;
      const start: Start = { threadId, offset: run.started_offset, live: false };
      return withStart(withThread(known, threadId, run.agent_name, input.at), entryKey('run', run.run_id), start);
    }, conversations);
  }
  if (input.kind !== 'item') return conversations;
  const { item } = input;
  if (item.kind === 'reset') return NO_CONVERSATIONS;
  if (item.kind === 'run_snapshot') return conversations;
  return afterEvent(conversations, item.event, item.kind === 'event' && item.replay);
}

function afterEvent(known: Conversations, event: ReceivedEvent, replay: boolean): Conversations {
  const key =
    event.type === 'user_message'
      ? entryKey('message', event.payload.message_id)
      : event.run_id === undefined
        ? null
        : entryKey('run', event.run_id);
  if (key === null) return known;
  const before = known.starts.get(key);
  // Events of a run may leave out the thread that its start named.
  const threadId = event.thread_id ?? before?.threadId ?? NO_THREAD;
  const next =
    before === undefined
      ? withStart(known, key, { threadId, offset: event.offset ?? newestOffset(known), live: !replay })
      : known;
  if (event.type === 'user_message') return withThread(next, threadId, event.payload.text, event.timestamp, true);
  const title = event.type === 'agent_started' ? (event.payload.task ?? event.payload.agent_name) : null;
  return withThread(next, threadId, title, event.timestamp);
}

/** Of what has no offset yet: it is the newest. */
function newestOffset({ starts }: Conversations): number {
  return Math.max(0, ...[...starts.values()].map(({ offset }) => offset));
}

function withStart(known: Conversations, key: string, start: Start): Conversations {
  return known.starts.has(key) ? known : { ...known, starts: new Map(known.starts).set(key, start) };
}

/** @param isAsked - the title is a message of the user, which is a better one than what a run says of itself */
function withThread(
  known: Conversations,
  threadId: string,
  title: string | null,
  at: number,
  isAsked = false,
): Conversations {
  const before = known.threads.get(threadId) ?? { threadId, title: null, isAsked: false, lastAt: 0 };
  const isTitled = before.title === null || (isAsked && !before.isAsked);
  const next: Conversation = {
    ...before,
    ...(isTitled ? { title, isAsked } : {}),
    lastAt: Math.max(before.lastAt, at),
  };
  return { ...known, threads: new Map(known.threads).set(threadId, next) };
}
