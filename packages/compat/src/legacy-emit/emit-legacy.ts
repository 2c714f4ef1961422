import type { EmitReceipt, UnifiedWebSocketManager } from '@ws/core';
import type { EventInput } from '@ws/types';
import type { LegacyEvent } from './legacy-event.ts';
import { RUN_EVENT_TYPES, runEvents } from './run-events.ts';
import { runOfEvent } from './run-of-event.ts';

/** What became of a legacy event. */
export interface LegacyReceipt extends EmitReceipt {
  /** The run it was emitted in, where it belongs to one. */
  readonly runId?: string;
  /** Whether the user's side acknowledged it in time, where that was asked for. */
  readonly confirmed?: boolean;
}

/** How long to wait for an acknowledgement, in milliseconds. Absent: not at all. */
export interface LegacyEmitOptions {
  readonly confirmMs?: number;
}

// Legacy code emits without awaiting: what one call leaves unsaid depends on the one before it, so calls of a manager take turns.
const turns = new WeakMap<UnifiedWebSocketManager, Promise<unknown>>();

/**
 * Emits what a legacy event stands for. Calls are taken in order, also those that nobody awaits.
 *
 * @throws what `manager.emit` throws; a near miss of an event type is refused, never guessed
 */
export function emitLegacy(
  manager: UnifiedWebSocketManager,
  event: LegacyEvent,
  options: LegacyEmitOptions = {},
): Promise<LegacyReceipt> {
  const before = turns.get(manager) ?? Promise.resolve();
  const turn = before.then(() => emitNow(manager, event, options));
  turns.set(
    manager,
    turn.catch(() => undefined),
  );
  return turn;
}

async function emitNow(
  manager: UnifiedWebSocketManager,
  event: LegacyEvent,
  { confirmMs }: LegacyEmitOptions,
): Promise<LegacyReceipt> {
  const events = await eventsOf(manager, event);
  const last = events.at(-1);
  const runId = last?.run_id === undefined ? {} : { runId: last.run_id };
  if (confirmMs !== undefined && last !== undefined) {
    if (events.length > 1) await manager.emitAll(events.slice(0, -1));
    return { ...(await manager.emit(last, { confirm: { timeoutMs: confirmMs } })), ...runId };
  }
  const receipts = await manager.emitAll(events);
  const receipt = receipts.at(-1);
  if (receipt === undefined) throw new TypeError('an event was emitted and no receipt came back');
  return { ...receipt, ...runId };
}

async function eventsOf(manager: UnifiedWebSocketManager, event: LegacyEvent): Promise<readonly EventInput[]> {
  if (RUN_EVENT_TYPES.has(event.type)) return runEvents(event, await runOfEvent(manager, event), Date.now());
  const threadId = event.threadId ?? manager.isolatedThread;
  const input = {
    type: event.type,
    payload: event.fields,
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    ...(event.runId === undefined ? {} : { run_id: event.runId }),
    ...(event.eventId === undefined ? {} : { event_id: event.eventId }),
  };
  // The core checks the type: an application event of the first system is one here.
  return [input as unknown as EventInput];
}
