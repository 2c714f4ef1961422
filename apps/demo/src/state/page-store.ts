import { NO_FACTS, reduceConnection, type ConnectionFacts } from './connection-facts.ts';
import { NO_CONVERSATIONS, reduceConversations, type Conversations } from './conversations.ts';
import { NOTHING_DELIVERED, reduceAudit, type DeliveryAudit } from './delivery-audit.ts';
import { reduceLog, type LogRow } from './event-log.ts';
import { reduceInterruptions, type Interruption } from './interruptions.ts';
import type { PageInput } from './page-input.ts';
import { reduceTraces, type RunTraces } from './run-traces.ts';

/** What the page shows beyond what the hooks of `@ws/react` have. */
export interface PageState {
  readonly conversations: Conversations;
  readonly traces: RunTraces;
  readonly connection: ConnectionFacts;
  readonly audit: DeliveryAudit;
  readonly interruptions: readonly Interruption[];
  readonly log: readonly LogRow[];
}

export const EMPTY_PAGE: PageState = {
  conversations: NO_CONVERSATIONS,
  traces: new Map(),
  connection: NO_FACTS,
  audit: NOTHING_DELIVERED,
  interruptions: [],
  log: [],
};

/** The page after more inputs. Pure. */
export function reducePage(before: PageState, inputs: readonly PageInput[]): PageState {
  return {
    ...inputs.reduce(reduceConnected, before),
    conversations: reduceConversations(before.conversations, inputs),
    traces: reduceTraces(before.traces, inputs),
  };
}

/** What of the page follows one input after the other, because its parts read each other. */
function reduceConnected(before: PageState, input: PageInput): PageState {
  // Another user's stream begins: of what was there only the connection goes on.
  const state = isOfAnotherUser(before, input) ? { ...EMPTY_PAGE, connection: before.connection } : before;
  const audit = reduceAudit(state.audit, input);
  const cutting = state.connection.cutUntil !== null;
  return {
    ...state,
    connection: reduceConnection(state.connection, input),
    audit,
    interruptions: reduceInterruptions(state.interruptions, input, state.audit, audit, cutting),
    log: reduceLog(state.log, input),
  };
}

function isOfAnotherUser({ connection: { userId } }: PageState, input: PageInput): boolean {
  if (input.kind !== 'item' || input.item.kind !== 'reset') return false;
  return userId !== null && input.item.ready.userId !== userId;
}

/** Runs a task soon, and answers how to call it off. */
type Schedule = (task: () => void) => () => void;

/** Holds the state of the page. Inputs are taken in at once and shown together, so that a long replay renders once. */
export class PageStore {
  readonly #schedule: Schedule;
  readonly #listeners = new Set<() => void>();
  #pending: PageInput[] = [];
  #state: PageState = EMPTY_PAGE;
  #callOff: (() => void) | null = null;

  constructor(schedule: Schedule = nextFrame) {
    this.#schedule = schedule;
  }

  readonly getState = (): PageState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(input: PageInput): void {
    this.#pending.push(input);
    this.#callOff ??= this.#schedule(() => this.flush());
  }

  /** Shows what was taken in. */
  flush(): void {
    this.#callOff?.();
    this.#callOff = null;
    const inputs = this.#pending;
    this.#pending = [];
    this.#state = reducePage(this.#state, inputs);
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Before the next frame, as `@ws/react` shows what it has; in a tab that is not shown, where there are no frames, after a moment. */
function nextFrame(task: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(task, 100);
    return () => clearTimeout(timer);
  }
  // The tab may be hidden before the frame comes.
  const timer = setTimeout(task, 100);
  const frame = requestAnimationFrame(task);
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
}
