import type { NumberedEvent, ProtocolEvents, SignalName } from '@ws/types';
import type { Client, ClientHandlers, Unsubscribe, WaitOptions } from './client.ts';
import type { EventContext, StreamItem } from './stream-item.ts';

// Types alone: a typed client is a client. They are for programs that do not declare their events once for all (`ApplicationEvents` of
// `@ws/types`): a library, or a page with two clients.

/** Name of an event of the protocol or of `Events`. */
export type TypedEventType<Events> = Extract<keyof (ProtocolEvents & Events), string>;

/** An event of the protocol or of `Events`, as a union discriminated by `type`. */
export type TypedStreamEvent<Events, Name extends TypedEventType<Events> = TypedEventType<Events>> = {
  [Type in Name]: NumberedEvent<Type, (ProtocolEvents & Events)[Type]>;
}[Name];

/** What {@link TypedClient.stream} gives. */
export type TypedStreamItem<Events> =
  | (Omit<Extract<StreamItem, { readonly kind: 'event' }>, 'event'> & { readonly event: TypedStreamEvent<Events> })
  | Exclude<StreamItem, { readonly kind: 'event' }>;

/** A client whose handlers get the events of `Events` beside those of the protocol. */
export type TypedClient<Events> = {
  on<Name extends TypedEventType<Events>>(
    name: Name,
    handler: (event: TypedStreamEvent<Events, Name>, context: EventContext) => unknown,
  ): Unsubscribe;
  on(name: '*', handler: (event: TypedStreamEvent<Events>, context: EventContext) => unknown): Unsubscribe;
  on<Name extends SignalName>(name: Name, handler: ClientHandlers[Name]): Unsubscribe;
  stream(options?: WaitOptions): AsyncIterableIterator<TypedStreamItem<Events>>;
} & Client;
