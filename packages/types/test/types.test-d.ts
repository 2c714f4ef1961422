import { describe, expectTypeOf, it } from 'vitest';
import {
  parseClientFrame,
  toRunId,
  toUserId,
  type AgentCompletedPayload,
  type ClientFrame,
  type DeltaPayload,
  type ErrorCode,
  type EventInput,
  type EventType,
  type JsonObject,
  type NumberedEvent,
  type ReceivedEvent,
  type RunId,
  type StreamEvent,
  type UserId,
} from '@ws/types';

declare module '@ws/types' {
  interface ApplicationEvents {
    invoice_ready: { invoice_id: string; cents: number };
  }
}

describe('application events', () => {
  it('added by declaration are typed from the publisher to the handler', () => {
    expectTypeOf<'invoice_ready'>().toExtend<EventType>();
    expectTypeOf<EventInput<'invoice_ready'>['payload']>().toEqualTypeOf<{ invoice_id: string; cents: number }>();
    expectTypeOf<ReceivedEvent<'invoice_ready'>['payload']>().toEqualTypeOf<{ invoice_id: string; cents: number }>();
  });

  it('with a wrong payload, or of another name, do not compile', () => {
    // @ts-expect-error cents is missing
    const missing: EventInput = { type: 'invoice_ready', payload: { invoice_id: 'i1' } };
    // @ts-expect-error there is no such type
    const misspelt: EventInput = { type: 'invoice_redy', payload: {} };
    // @ts-expect-error the payload of another type
    const mixed: EventInput = { type: 'agent_thinking', payload: { invoice_id: 'i1', cents: 5 } };
    void [missing, misspelt, mixed];
  });
});

describe('events', () => {
  it('are narrowed by their type', () => {
    const payloadOf = (event: StreamEvent) => {
      if (event.type === 'agent_completed') return expectTypeOf(event.payload).toEqualTypeOf<AgentCompletedPayload>();
      if (event.type === 'agent_thinking') return expectTypeOf(event.payload).toEqualTypeOf<DeltaPayload>();
      return expectTypeOf(event.offset).toEqualTypeOf<number>();
    };
    void payloadOf;
  });

  it('received are told apart by volatile', () => {
    const offsetOf = (event: ReceivedEvent<'agent_thinking'>): number | undefined => {
      if (event.volatile === true) {
        expectTypeOf(event.offset).toEqualTypeOf<undefined>();
        return undefined;
      }
      expectTypeOf(event.offset).toEqualTypeOf<number>();
      return event.offset;
    };
    void offsetOf;
    expectTypeOf<NumberedEvent['payload']>().toEqualTypeOf<JsonObject>();
  });
});

describe('ids', () => {
  it('are no plain strings, and none is another', () => {
    expectTypeOf<string>().not.toExtend<UserId>();
    expectTypeOf<UserId>().toExtend<string>();
    expectTypeOf<RunId>().not.toExtend<UserId>();
    expectTypeOf<UserId>().not.toExtend<RunId>();
    expectTypeOf(toUserId('u')).toEqualTypeOf<UserId>();
    expectTypeOf(toRunId('r')).toEqualTypeOf<RunId>();
  });
});

describe('a parse result', () => {
  it('has a value or a reason, told apart by ok', () => {
    const result = parseClientFrame('{}');
    // @ts-expect-error not before ok was looked at
    void result.value;
    if (result.ok) {
      expectTypeOf(result.value).toEqualTypeOf<ClientFrame>();
      if (result.value.type === 'ack') expectTypeOf(result.value.offset).toEqualTypeOf<number>();
    } else {
      expectTypeOf(result.code).toEqualTypeOf<ErrorCode>();
      expectTypeOf(result.message).toEqualTypeOf<string>();
    }
  });
});
