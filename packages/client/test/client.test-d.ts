import { expectTypeOf, test } from 'vitest';
import WebSocket from 'ws';
import type {
  EventType,
  ProtocolEvents,
  SignalName,
  StreamEvent,
  StreamPosition,
  VolatileStreamEvent,
} from '@ws/types';
import type {
  Client,
  ClientSignals,
  ClientState,
  EventContext,
  SentMessage,
  StreamItem,
  WebSocketConstructor,
} from '../src/index.ts';

declare module '@ws/types' {
  interface ApplicationEvents {
    invoice_ready: { readonly invoice_id: string; readonly cents: number };
  }
}

declare const client: Client;

test('handlers are typed by the event map, declared application events included', () => {
  client.on('agent_thinking', (event, context) => {
    expectTypeOf(event.payload.delta).toEqualTypeOf<string>();
    expectTypeOf(event.offset).toEqualTypeOf<number>();
    expectTypeOf(context).toEqualTypeOf<EventContext>();
  });
  client.on('invoice_ready', (event) => {
    expectTypeOf(event.payload).toEqualTypeOf<{ readonly invoice_id: string; readonly cents: number }>();
    // @ts-expect-error: not a field of this event
    void event.payload.delta;
  });
  // @ts-expect-error: a typing error is not an event
  client.on('agent_thinkng', () => {});
});

test('* gets a union that narrows by type', () => {
  client.on('*', (event) => {
    expectTypeOf(event).toEqualTypeOf<StreamEvent>();
    if (event.type === 'tool_completed') expectTypeOf(event.payload.success).toEqualTypeOf<boolean>();
    if (event.type === 'invoice_ready') expectTypeOf(event.payload.cents).toEqualTypeOf<number>();
  });
});

test('events and signals share no name', () => {
  expectTypeOf<keyof ClientSignals>().toEqualTypeOf<SignalName>();
  expectTypeOf<Extract<keyof ProtocolEvents, SignalName>>().toBeNever();
  expectTypeOf<Extract<EventType, SignalName>>().toBeNever();
});

test('signals are typed by name', () => {
  client.on('volatile', (event) => {
    expectTypeOf(event).toEqualTypeOf<VolatileStreamEvent>();
    expectTypeOf(event.offset).toEqualTypeOf<undefined>();
  });
  client.on('state', (state) => {
    expectTypeOf(state).toEqualTypeOf<ClientState>();
    if (state.status === 'waiting') expectTypeOf(state.retryInMs).toEqualTypeOf<number>();
    // @ts-expect-error: only while waiting
    void state.retryInMs;
  });
  client.on('reset', (ready) => expectTypeOf(ready.epoch).toEqualTypeOf<string>());
  // @ts-expect-error: no such signal
  client.on('closed', () => {});
});

test('the loop and requests', () => {
  expectTypeOf(client.ready()).resolves.toEqualTypeOf<void>();
  expectTypeOf(client.stream()).toEqualTypeOf<AsyncIterableIterator<StreamItem>>();
  expectTypeOf(client.sendMessage({ text: 'Hi' })).resolves.toEqualTypeOf<SentMessage>();
  expectTypeOf(client.position).toEqualTypeOf<StreamPosition | null>();
});

test('every WebSocket class fits', () => {
  expectTypeOf(globalThis.WebSocket).toExtend<WebSocketConstructor>();
  expectTypeOf(WebSocket).toExtend<WebSocketConstructor>();
});
