// The types that a program in CommonJS sees: those of one package go where another one takes them.
import { createManager, withLegacyEvents, type LegacyManager } from '@ws/compat';
import { getManager, WebSocketManager } from '@ws/compat/unified_init';
import { createHub, MemoryEventLog, type UnifiedWebSocketManager } from '@ws/core';
import { streamKey } from '@ws/core/log';
import { FakeClock } from '@ws/core/testing';
import { attachWebSocket } from '@ws/core/ws';
import { isWebSocketError, type EventId, type UserId } from '@ws/types';

const manager: UnifiedWebSocketManager = getManager({ userId: 'alice' });
export const legacy: LegacyManager = createManager({ userId: 'alice' });
export const isOne: boolean = manager instanceof WebSocketManager;
export const user: UserId = manager.userId;

export async function say(text: string): Promise<EventId | undefined> {
  const { eventId } = await manager.emit({ type: 'user_message', payload: { message_id: 'm1', text } });
  const { events } = await manager.history();
  return events.find(({ event_id }) => event_id === eventId)?.event_id;
}

export const hub = createHub({ log: new MemoryEventLog(), clock: new FakeClock() });
export const parts: readonly unknown[] = [attachWebSocket, isWebSocketError, withLegacyEvents, streamKey];
