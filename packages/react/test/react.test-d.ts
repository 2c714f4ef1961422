import { expectTypeOf, test } from 'vitest';
import type { Client, ClientState, EventContext, RunView, TypedClient } from '@ws/client';
import type { StreamEvent, WebSocketError } from '@ws/types';
import {
  useApproval,
  useConnection,
  useEvents,
  useLatestEvent,
  useRun,
  useRuns,
  useSendMessage,
  typedHooks,
  useThread,
  type ThreadEntry,
  type WebSocketProviderProps,
} from '../src/index.ts';

declare module '@ws/types' {
  interface ApplicationEvents {
    invoice_ready: { readonly invoice_id: string; readonly cents: number };
  }
}

test('a run, or what is selected of it', () => {
  expectTypeOf(useRun('r1')).toEqualTypeOf<RunView | undefined>();
  expectTypeOf(useRun(undefined, (run) => run?.tools.length ?? 0)).toEqualTypeOf<number>();
  expectTypeOf(useRuns({ status: 'running' })).toEqualTypeOf<readonly RunView[]>();
  // @ts-expect-error: no such status
  useRuns({ status: 'done' });
});

test('events are typed by the event map, declared application events included', () => {
  useEvents('agent_thinking', (event, context) => {
    expectTypeOf(event.payload.delta).toEqualTypeOf<string>();
    expectTypeOf(context).toEqualTypeOf<EventContext>();
  });
  useEvents('invoice_ready', (event) => expectTypeOf(event.payload.cents).toEqualTypeOf<number>());
  useEvents({ type: ['tool_executing', 'tool_completed'], runId: 'r1' }, (event) => {
    expectTypeOf(event.payload.tool_name).toEqualTypeOf<string>();
    if (event.type === 'tool_completed') expectTypeOf(event.payload.success).toEqualTypeOf<boolean>();
    // @ts-expect-error: not a field of these events
    void event.payload.delta;
  });
  useEvents('*', (event) => expectTypeOf(event).toEqualTypeOf<StreamEvent>());
  useEvents({ threadId: 't1' }, (event) => expectTypeOf(event).toEqualTypeOf<StreamEvent>());
  // @ts-expect-error: a typing error is not an event
  useEvents('agent_thinkng', () => {});
  // @ts-expect-error: nor here
  useEvents({ type: ['agent_thinkng'] }, () => {});
});

test('the latest event', () => {
  expectTypeOf(useLatestEvent('invoice_ready')?.payload.cents).toEqualTypeOf<number | undefined>();
  expectTypeOf(useLatestEvent({ type: 'user_message', threadId: 't1' })?.payload.text).toEqualTypeOf<
    string | undefined
  >();
  // @ts-expect-error: a piece of text says nothing by itself
  useLatestEvent('agent_thinking');
});

test('the connection narrows by status', () => {
  const { state, error } = useConnection();
  expectTypeOf(state).toEqualTypeOf<ClientState>();
  expectTypeOf(error).toEqualTypeOf<WebSocketError | null>();
  if (state.status === 'waiting') expectTypeOf(state.retryInMs).toEqualTypeOf<number>();
});

test('entries of a thread narrow by kind', () => {
  const [entry] = useThread('t1').entries;
  expectTypeOf(entry).toEqualTypeOf<ThreadEntry | undefined>();
  if (entry?.kind === 'message') expectTypeOf(entry.status).toEqualTypeOf<'sending' | 'sent' | 'failed'>();
  // @ts-expect-error: a run has no text here
  if (entry?.kind === 'run') void entry.text;
});

test('a thread that has no name yet', () => {
  expectTypeOf(useThread(null).threadId).toEqualTypeOf<string | null | undefined>();
});

test('requests', () => {
  expectTypeOf(useSendMessage().sendMessage).toBeCallableWith('Hi');
  expectTypeOf(useSendMessage().sendMessage).toBeCallableWith({ text: 'Hi', messageId: 'm1' });
  expectTypeOf(useApproval('r1').approval?.expires_at).toEqualTypeOf<number | undefined>();
});

test('a provider has options or a client, not both and not none', () => {
  expectTypeOf<{ options: { url: string } }>().toExtend<WebSocketProviderProps>();
  expectTypeOf<{ client: Client }>().toExtend<WebSocketProviderProps>();
  expectTypeOf<{ client: TypedClient<{ report_ready: { pages: number } }> }>().toExtend<WebSocketProviderProps>();
  expectTypeOf<{ options: { url: string }; client: Client }>().not.toExtend<WebSocketProviderProps>();
  expectTypeOf<Record<never, never>>().not.toExtend<WebSocketProviderProps>();
});

test('hooks of the events of one program', () => {
  const { useClient, useEvents, useLatestEvent } = typedHooks<{ report_ready: { pages: number } }>();
  expectTypeOf(useLatestEvent('report_ready')?.payload).toEqualTypeOf<{ pages: number } | undefined>();
  useEvents({ type: ['report_ready', 'agent_started'] }, (event) => {
    if (event.type === 'report_ready') expectTypeOf(event.payload.pages).toEqualTypeOf<number>();
  });
  useClient().on('report_ready', (event) => expectTypeOf(event.payload.pages).toEqualTypeOf<number>());
  // @ts-expect-error no such event
  useEvents('report_redy', () => undefined);
});
