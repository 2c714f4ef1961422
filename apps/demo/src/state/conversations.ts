import { isDeltaEvent, type OpenRun, type ReceivedEvent } from '@ws/types';
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
  /** When the last event of it happened; pieces of text do not count, so that the list does not change with them. */
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

/** The conversations after some inputs, which are taken in together. A part that does not change stays the same object. */
export function reduceConversations(before: Conversations, inputs: readonly PageInput[]): Conversations {
  const next = new Draft(before);
  for (const input of inputs) {
    if (input.kind === 'ready') next.openRuns(input.ready.openRuns, input.at);
    if (input.kind !== 'item' || input.item.kind === 'run_snapshot') continue;
    if (input.item.kind === 'reset') next.clear();
    else next.event(input.item.event, input.item.kind === 'event' && input.item.replay);
  }
  return next.finish();
}

/** Conversations that change: each map is copied once, before its first change, however many events there are. */
class Draft {
  readonly #before: Conversations;
  #threads: Map<string, Conversation> | undefined;
  #starts: Map<string, Start> | undefined;

  constructor(before: Conversations) {
    this.#before = before;
  }

  finish(): Conversations {
    if (this.#threads === undefined && this.#starts === undefined) return this.#before;
    return { threads: this.#threads ?? this.#before.threads, starts: this.#starts ?? this.#before.starts };
  }

  clear(): void {
    this.#threads = new Map();
    this.#starts = new Map();
  }

  /** Some of the open runs began before the oldest event kept. */
  openRuns(runs: readonly OpenRun[], at: number): void {
    for (const { run_id, thread_id: threadId = NO_THREAD, agent_name, started_offset: offset } of runs) {
      this.#thread(threadId, agent_name, at);
      this.#start(entryKey('run', run_id), { threadId, offset, live: false });
    }
  }

  event(event: ReceivedEvent, replay: boolean): void {
    const isMessage = event.type === 'user_message';
    if (!isMessage && event.run_id === undefined) return;
    const key = isMessage ? entryKey('message', event.payload.message_id) : entryKey('run', event.run_id ?? '');
    const known = (this.#starts ?? this.#before.starts).get(key);
    if (known !== undefined && isDeltaEvent(event.type)) return;
    // Events of a run may leave out the thread that its start named.
    const threadId = event.thread_id ?? known?.threadId ?? NO_THREAD;
    if (known === undefined) this.#start(key, { threadId, offset: event.offset ?? this.#newest(), live: !replay });
    if (isMessage) return this.#thread(threadId, event.payload.text, event.timestamp, true);
    const title = event.type === 'agent_started' ? (event.payload.task ?? event.payload.agent_name) : null;
    this.#thread(threadId, title, event.timestamp);
  }

  /** The offset of the newest entry, for what has none yet. */
  #newest(): number {
    return [...(this.#starts ?? this.#before.starts).values()].reduce((max, { offset }) => Math.max(max, offset), 0);
  }

  #start(key: string, start: Start): void {
    if ((this.#starts ?? this.#before.starts).has(key)) return;
    this.#starts ??= new Map(this.#before.starts);
    this.#starts.set(key, start);
  }

  /** @param isAsked - the title is a message of the user, which is a better one than what a run says of itself */
  #thread(threadId: string, title: string | null, at: number, isAsked = false): void {
    this.#threads ??= new Map(this.#before.threads);
    const before = this.#threads.get(threadId) ?? { threadId, title: null, isAsked: false, lastAt: 0 };
    const isTitled = before.title === null || (isAsked && !before.isAsked);
    const lastAt = Math.max(before.lastAt, at);
    this.#threads.set(threadId, { ...before, ...(isTitled ? { title, isAsked } : {}), lastAt });
  }
}
