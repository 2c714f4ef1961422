import type { EventType, ReceivedEvent } from '@ws/types';

/** Which events: those that fit all that is given. */
export interface EventFilter<Type extends string = EventType> {
  /** One type or several. @default every type */
  readonly type?: Type | readonly Type[];
  readonly runId?: string | undefined;
  readonly threadId?: string | undefined;
}

/** What a filter may be written as: a type, `'*'` for every event, or an object. */
export type EventQuery<Type extends string = EventType> = Type | '*' | EventFilter<Type>;

/** Tells whether an event fits. */
export function fits(query: EventQuery, event: ReceivedEvent): boolean {
  if (typeof query === 'string') return query === '*' || query === event.type;
  const { type, runId, threadId } = query;
  const types = typeof type === 'string' ? [type] : type;
  return (
    (types === undefined || types.includes(event.type)) &&
    (runId === undefined || event.run_id === runId) &&
    (threadId === undefined || event.thread_id === threadId)
  );
}
