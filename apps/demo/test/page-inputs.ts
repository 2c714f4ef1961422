import type { EventContext, ReadySignal, StreamItem } from '@ws/client';
import { parseServerFrame, type ReceivedEvent } from '@ws/types';
import type { PageInput } from '../src/state/page-input.ts';
import { EMPTY_PAGE, reducePage, type PageState } from '../src/state/page-store.ts';

/** Fields of a frame that a test cares about; the rest is filled in. */
export interface EventFields {
  readonly type: string;
  readonly offset?: number;
  readonly payload: object;
  readonly event_id?: string;
  readonly run_id?: string;
  readonly thread_id?: string;
  readonly merged?: number;
  readonly prev?: number;
}

export function event(fields: EventFields, context: Partial<EventContext> = {}): PageInput {
  const numbered = fields.offset === undefined ? { volatile: true } : {};
  const frame = parseServerFrame({
    event_id: `e-${fields.type}-${fields.offset}`,
    timestamp: 1_000 + (fields.offset ?? 0),
    ...numbered,
    ...fields,
  });
  if (!frame.ok) throw new Error(frame.message);
  const received = frame.value as unknown as ReceivedEvent;
  const item: StreamItem =
    received.offset === undefined
      ? { kind: 'volatile', event: received }
      : { kind: 'event', event: received, replay: false, ...context };
  return { kind: 'item', item, at: 5_000 };
}

export const message = (offset: number, text: string, id = `m-${offset}`, thread_id = 't1'): PageInput =>
  event({ type: 'user_message', offset, thread_id, run_id: 'r1', payload: { message_id: id, text } });

export const started = (offset: number, run_id = 'r1', thread_id = 't1'): PageInput =>
  event({ type: 'agent_started', offset, run_id, thread_id, payload: { agent_name: 'analyst', task: 'look' } });

export const thinking = (offset: number, delta: string, context: Partial<EventContext> = {}): PageInput =>
  event({ type: 'agent_thinking', offset, run_id: 'r1', thread_id: 't1', payload: { delta } }, context);

export const completed = (offset: number, run_id = 'r1', thread_id = 't1'): PageInput =>
  event({
    type: 'agent_completed',
    offset,
    run_id,
    thread_id,
    payload: { status: 'completed', final_response: 'done', duration_ms: 42 },
  });

function readySignal(fields: Partial<ReadySignal> = {}): ReadySignal {
  return {
    connectionId: 'c1',
    userId: 'u1',
    mode: 'unified',
    epoch: 'e1',
    offset: 0,
    oldestOffset: 1,
    headOffset: 0,
    recovery: 'resumed',
    heartbeatMs: 25_000,
    maxMessageBytes: 65_536,
    openRuns: [],
    ...fields,
  };
}

export const ready = (fields: Partial<ReadySignal> = {}, at = 9_000): PageInput => ({
  kind: 'ready',
  ready: readySignal(fields),
  at,
});

export const reset = (fields: Partial<ReadySignal> = {}): PageInput => ({
  kind: 'item',
  item: { kind: 'reset', ready: readySignal({ recovery: 'reset', epoch: 'e2', ...fields }) },
  at: 9_000,
});

export const lost = (at = 7_000): PageInput => ({
  kind: 'client_state',
  state: { status: 'waiting', attempt: 1, retryInMs: 100, code: 1006 },
  at,
});

export function pageAfter(...inputs: PageInput[]): PageState {
  return reducePage(EMPTY_PAGE, inputs);
}
