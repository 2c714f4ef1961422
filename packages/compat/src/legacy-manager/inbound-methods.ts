import type { UnifiedWebSocketManager } from '@ws/core';
import { toProtocolFrame } from '../legacy-client/client-message.ts';
import type { LegacySocket } from '../legacy-client/attach-legacy-client.ts';
import { linkOf } from '../legacy-client/legacy-links.ts';
import type { LegacyMessage } from '../legacy-emit/legacy-event.ts';

type Manager = UnifiedWebSocketManager;

// A session takes what arrives at its socket by itself; these are for code that hands messages over by hand.
export const inboundMethods = {
  /**
   * Notes that the client has processed everything up to `offset`. Tells whether the connection is known.
   * @deprecated WSDEP348: use the `ack` frame of the client. Removed in 2.0.0.
   */
  handleEventConfirmation(this: Manager, connection: string | LegacySocket, offset: number): boolean {
    return receive(this, connection, { type: 'ack', offset });
  },

  /** @deprecated WSDEP349: use the frames of a session. Removed in 2.0.0. */
  processIncomingMessage(this: Manager, connection: string | LegacySocket, message: LegacyMessage): boolean {
    return receive(this, connection, message);
  },

  /** @deprecated WSDEP350: use the frames of a session. Removed in 2.0.0. */
  handleMessage(this: Manager, connection: string | LegacySocket, message: LegacyMessage): boolean {
    return receive(this, connection, message);
  },
};

function receive(manager: Manager, connection: string | LegacySocket, message: LegacyMessage): boolean {
  const link = linkOf(manager, connection);
  const frame = toProtocolFrame(JSON.stringify(message));
  if (link === undefined) return false;
  if (frame === undefined) link.session.heard();
  else link.session.receive(frame);
  return true;
}
