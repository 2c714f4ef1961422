import type { EventContext } from '@ws/client';
import type { EventType, StreamEvent } from '@ws/types';
import { useEffect } from 'react';
import { useHandle } from '../provider/handle-context.ts';
import { fits, type EventQuery } from '../store/event-filter.ts';
import { useLatest } from './use-latest.ts';

/**
 * Calls `handler` with each event that fits, for as long as the component is mounted: at once and in order, not once a frame. For what
 * is done with an event; what is shown of it, the other hooks have. Filter and handler may be new in each render. What the handler throws
 * is reported as `CALLBACK_FAILED` and stops nothing.
 *
 * @example
 * ```tsx
 * useEvents('agent_completed', (event, { replay }) => {
 *   if (!replay) playSound();
 * });
 * useEvents({ type: ['tool_executing', 'tool_completed'], runId }, (event) => log(event.payload.tool_name));
 * ```
 */
export function useEvents<Type extends EventType>(
  filter: EventQuery<Type>,
  handler: (event: StreamEvent<Type>, context: EventContext) => unknown,
): void {
  const handle = useHandle();
  const latest = useLatest({ filter, handler });
  useEffect(
    () =>
      handle.client.on('*', (event, context) => {
        const { filter, handler } = latest.current;
        // It fits, so its type is one of those that were asked for.
        return fits(filter, event) ? handler(event as StreamEvent<Type>, context) : undefined;
      }),
    [handle, latest],
  );
}
