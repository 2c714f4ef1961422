import type { EventContext, TypedClient, TypedEventType, TypedStreamEvent } from '@ws/client';
import type { ProtocolEvents, VolatileEvent } from '@ws/types';
import { useClient } from './hooks/use-client.ts';
import { useEvents } from './hooks/use-events.ts';
import { useLatestEvent } from './hooks/use-latest-event.ts';
import type { EventQuery } from './store/event-filter.ts';

/** An event as a screen may show it: numbered, or volatile while the server's log is unavailable. */
export type TypedReceivedEvent<Events, Name extends TypedEventType<Events>> =
  TypedStreamEvent<Events, Name> | { [Type in Name]: VolatileEvent<Type, (ProtocolEvents & Events)[Type]> }[Name];

/** The hooks that name events, for the events of one program. */
export interface TypedHooks<Events> {
  readonly useClient: () => TypedClient<Events>;
  readonly useEvents: <Type extends TypedEventType<Events>>(
    filter: EventQuery<Type>,
    handler: (event: TypedStreamEvent<Events, Type>, context: EventContext) => unknown,
  ) => void;
  readonly useLatestEvent: <Type extends Exclude<TypedEventType<Events>, 'agent_thinking' | 'agent_response_chunk'>>(
    filter: EventQuery<Type>,
  ) => TypedReceivedEvent<Events, Type> | undefined;
}

/**
 * The hooks that name events, typed by `Events` beside the events of the protocol. For a program that does not declare its events once for
 * all (`ApplicationEvents` of `@ws/types`). They are the same functions.
 *
 * @example
 * ```tsx
 * const { useEvents } = typedHooks<{ invoice_ready: { cents: number } }>();
 * useEvents('invoice_ready', (event) => show(event.payload.cents));
 * ```
 */
export function typedHooks<Events extends object>(): TypedHooks<Events> {
  // The events are types alone: the functions take the same values.
  return { useClient, useEvents, useLatestEvent } as unknown as TypedHooks<Events>;
}
