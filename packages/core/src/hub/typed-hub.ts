import type { NumberedEvent, ProtocolEvents } from '@ws/types';
import type { ConfirmedReceipt, ConfirmOptions, EmitOptions, UnifiedWebSocketManager } from '../manager.ts';
import type { Run, RunOptions } from '../agent/run.ts';
import type { EmitReceipt } from '../stream/emit-receipt.ts';
import type { FollowedItem, FollowOptions } from '../stream/follow.ts';
import type { UserContext } from '../user-context.ts';
import type { HubOptions } from './hub-options.ts';
import type { Hub } from './hub.ts';
import type { UserMessage } from '../agent/user-message.ts';

// Types alone: a typed hub is a hub. They are for programs that do not declare their events once for all (`ApplicationEvents` of
// `@ws/types`): a library, or a process with two hubs.

/** An event of the protocol or of `Events`, as it is handed to `emit`. */
export type TypedEventInput<Events> = {
  [Name in Extract<keyof (ProtocolEvents & Events), string>]: {
    readonly type: Name;
    readonly payload: (ProtocolEvents & Events)[Name];
    readonly thread_id?: string;
    readonly run_id?: string;
    readonly event_id?: string;
    readonly traceparent?: string;
  };
}[Extract<keyof (ProtocolEvents & Events), string>];

/** What a reader gets: events are a union discriminated by `type`. */
export type TypedFollowedItem<Events> =
  | {
      readonly kind: 'event';
      readonly event: {
        [Name in Extract<keyof (ProtocolEvents & Events), string>]: NumberedEvent<
          Name,
          (ProtocolEvents & Events)[Name]
        >;
      }[Extract<keyof (ProtocolEvents & Events), string>];
    }
  | Exclude<FollowedItem, { readonly kind: 'event' }>;

/** A run that also emits the events of `Events`. */
export type TypedRun<Events> = {
  emit<Name extends Extract<keyof (ProtocolEvents & Events), string>>(
    type: Name,
    payload: (ProtocolEvents & Events)[Name],
  ): Promise<EmitReceipt>;
} & Run;

/** A manager that also emits the events of `Events`, and reads them with their types. */
export type TypedManager<Events> = {
  emit(event: TypedEventInput<Events>, options: { readonly confirm: ConfirmOptions }): Promise<ConfirmedReceipt>;
  emit(event: TypedEventInput<Events>, options?: EmitOptions): Promise<EmitReceipt>;
  emitAll(events: readonly TypedEventInput<Events>[]): Promise<readonly EmitReceipt[]>;
  startRun(options: RunOptions): Promise<TypedRun<Events>>;
  follow(options?: FollowOptions): AsyncIterable<TypedFollowedItem<Events>>;
} & UnifiedWebSocketManager;

/** Options of a typed hub: the manager that `onUserMessage` gets is typed, too. */
export type TypedHubOptions<Events> = Omit<HubOptions, 'onUserMessage'> & {
  readonly onUserMessage?: (
    message: Omit<UserMessage, 'manager'> & { readonly manager: TypedManager<Events> },
  ) => void | Promise<void>;
};

/** A hub whose managers emit and read the events of `Events` beside those of the protocol. */
export type TypedHub<Events> = { manager(context: UserContext): TypedManager<Events> } & Hub;
