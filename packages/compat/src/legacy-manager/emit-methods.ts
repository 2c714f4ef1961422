import type { UnifiedWebSocketManager } from '@ws/core';
import { emitLegacy, type LegacyEmitOptions, type LegacyReceipt } from '../legacy-emit/emit-legacy.ts';
import {
  readLegacyEvent,
  typeOfMessage,
  userOfMessage,
  type LegacyIds,
  type LegacyMessage,
} from '../legacy-emit/legacy-event.ts';
import { assertOwnUser } from './assert-own-user.ts';

type Manager = UnifiedWebSocketManager;
type Sent = Promise<LegacyReceipt>;

const DEFAULT_WAIT_SECONDS = 3;

export const emitMethods = {
  /** @deprecated WSDEP308: use `manager.emit`. Removed in 2.0.0. */
  async sendToUser(this: Manager, userId: string, message: LegacyMessage): Sent {
    return sendMessage(this, userId, message, 'sendToUser');
  },

  /**
   * Waits for the acknowledgement of the user's side, too: `confirmed` of the receipt tells whether it came in time.
   * @deprecated WSDEP309: use `manager.emit` with `confirm`. Removed in 2.0.0.
   */
  async sendToUserWithWait(
    this: Manager,
    userId: string,
    message: LegacyMessage,
    waitSeconds = DEFAULT_WAIT_SECONDS,
  ): Sent {
    return sendMessage(this, userId, message, 'sendToUserWithWait', {}, { confirmMs: waitSeconds * 1000 });
  },

  /** @deprecated WSDEP314: use `manager.emit`. Removed in 2.0.0. */
  async sendMessage(this: Manager, userId: string, message: LegacyMessage): Sent {
    return sendMessage(this, userId, message, 'sendMessage');
  },

  /** @deprecated WSDEP315: use `manager.emit` with `thread_id`. Removed in 2.0.0. */
  async sendToThread(this: Manager, threadId: string, message: LegacyMessage): Sent {
    return sendMessage(this, undefined, message, 'sendToThread', { threadId });
  },

  /** @deprecated WSDEP310: use `manager.emit`. Removed in 2.0.0. */
  async sendAgentEvent(this: Manager, userId: string, type: string, data: LegacyMessage, ids?: LegacyIds): Sent {
    return sendEvent(this, userId, type, data, 'sendAgentEvent', ids);
  },

  /** @deprecated WSDEP311: use `manager.emit`. Removed in 2.0.0. */
  async emitAgentEvent(this: Manager, userId: string, type: string, data: LegacyMessage, ids?: LegacyIds): Sent {
    return sendEvent(this, userId, type, data, 'emitAgentEvent', ids);
  },

  /** @deprecated WSDEP312: use `manager.emit`. Removed in 2.0.0. */
  async emitCriticalEvent(this: Manager, userId: string, type: string, data: LegacyMessage, ids?: LegacyIds): Sent {
    return sendEvent(this, userId, type, data, 'emitCriticalEvent', ids);
  },

  /**
   * Once without a user id, once with: `sendEvent(type, data)` or `sendEvent(userId, type, data)`.
   * @deprecated WSDEP313: use `manager.emit`. Removed in 2.0.0.
   */
  async sendEvent(this: Manager, ...call: [string, LegacyMessage] | [string, string, LegacyMessage]): Sent {
    if (call.length === 2) return sendEvent(this, undefined, call[0], call[1], 'sendEvent');
    return sendEvent(this, call[0], call[1], call[2], 'sendEvent');
  },

  /** @deprecated WSDEP316: use `manager.emit`. Removed in 2.0.0. */
  async broadcast(this: Manager, message: LegacyMessage): Sent {
    return sendMessage(this, undefined, message, 'broadcast');
  },

  /** @deprecated WSDEP317: use `manager.emit`. Removed in 2.0.0. */
  async broadcastToAll(this: Manager, message: LegacyMessage): Sent {
    return sendMessage(this, undefined, message, 'broadcastToAll');
  },

  /** @deprecated WSDEP318: use `manager.emit`. Removed in 2.0.0. */
  async broadcastMessage(this: Manager, message: LegacyMessage): Sent {
    return sendMessage(this, undefined, message, 'broadcastMessage');
  },

  /** @deprecated WSDEP319: use `manager.emit`. Removed in 2.0.0. */
  async broadcastSystemMessage(this: Manager, message: LegacyMessage): Sent {
    return sendMessage(this, undefined, message, 'broadcastSystemMessage');
  },
};

function sendMessage(
  manager: Manager,
  userId: string | undefined,
  message: LegacyMessage,
  method: string,
  ids?: LegacyIds,
  options?: LegacyEmitOptions,
): Sent {
  assertOwnUser(manager, userId, method);
  assertOwnUser(manager, userOfMessage(message), method);
  return emitLegacy(manager, readLegacyEvent(typeOfMessage(message), message, ids), options);
}

/** Emits an event of a legacy call after its user was checked, the one of the call and the one its data names. */
export function sendEvent(
  manager: Manager,
  userId: string | undefined,
  type: string,
  data: LegacyMessage,
  method: string,
  ids?: LegacyIds,
): Sent {
  assertOwnUser(manager, userId, method);
  assertOwnUser(manager, userOfMessage(data), method);
  return emitLegacy(manager, readLegacyEvent(type, data, ids));
}
