import type { UnifiedWebSocketManager } from '@ws/core';
import type { Session } from '@ws/core/internal';
import { WebSocketError } from '@ws/types';
import {
  attachLegacyClient,
  type LegacyConnectOptions,
  type LegacySocket,
} from '../legacy-client/attach-legacy-client.ts';
import { linkOf, linksOf } from '../legacy-client/legacy-links.ts';

type Manager = UnifiedWebSocketManager;

export const threadMethods = {
  /**
   * A job is a thread: the connection gets its events, and those of no thread.
   * @deprecated WSDEP320: use `threads` of the `hello` frame. Removed in 2.0.0.
   */
  connectToJob(this: Manager, websocket: LegacySocket, jobId: string, options: LegacyConnectOptions = {}): Session {
    return attachLegacyClient(this, websocket, { legacyEvents: 'flat', ...options, jobId });
  },

  /** @deprecated WSDEP321: use `threads` of the `hello` frame. Removed in 2.0.0. */
  disconnectFromJob(this: Manager, jobId: string, websocket?: LegacySocket): boolean {
    const left = [...linksOf(this)].filter(
      (link) => link.jobId === jobId && (websocket === undefined || link.socket === websocket),
    );
    for (const { session } of left) session.close('NORMAL');
    return left.length > 0;
  },

  /**
   * Shows a client of the first system another thread from now on.
   * @deprecated WSDEP322: use `threads` of the `hello` frame. Removed in 2.0.0.
   */
  updateConnectionThread(this: Manager, connectionId: string, threadId: string | null): boolean {
    const link = linkOf(this, connectionId);
    if (link === undefined) return false;
    if (link.translator === undefined) {
      const message =
        'updateConnectionThread: the threads of a connection are those of its hello: let its client connect again with others';
      throw new WebSocketError('INVALID_OPTION', message);
    }
    link.translator.threads = threadId === null ? null : new Set([threadId]);
    return true;
  },
};
