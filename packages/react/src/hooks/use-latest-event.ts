import type { EventType, ReceivedEvent } from '@ws/types';
import { useCallback } from 'react';
import { fits, type EventQuery } from '../store/event-filter.ts';
import type { Shown } from '../store/shown.ts';
import { useShown } from './use-shown.ts';

/** Types with a latest event that says something by itself: a piece of text does not. */
export type WholeEventType = Exclude<EventType, 'agent_thinking' | 'agent_response_chunk'>;

/**
 * The newest event that fits, also if it came before the component was mounted; `undefined` if none of the last 256 does (text deltas
 * are not among them). For state that is whole in each event; what adds up is the business of `useEvents` and your own store.
 *
 * @example
 * ```tsx
 * const budget = useLatestEvent('budget_changed')?.payload; // an event of the application
 * ```
 */
export function useLatestEvent<Type extends WholeEventType>(filter: EventQuery<Type>): ReceivedEvent<Type> | undefined {
  return useShown(
    useCallback(
      // It fits, so its type is one of those that were asked for.
      ({ recent }: Shown) => recent.findLast((event) => fits(filter, event)) as ReceivedEvent<Type> | undefined,
      [filter],
    ),
    Object.is,
  );
}
