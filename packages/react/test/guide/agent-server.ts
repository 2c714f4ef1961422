import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHub, getWebSocketManager } from '@ws/core';
import { attachWebSocket } from '@ws/core/ws';
import { SUBPROTOCOL } from '@ws/types';
import { WebSocketServer } from 'ws';

/** A server in memory for one user: what its manager emits is what the components show. */
export async function startAgentServer(userId: string) {
  const hub = createHub();
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL });
  server.on('upgrade', (request, tcp, head) => {
    sockets.handleUpgrade(request, tcp, head, (socket) => {
      attachWebSocket(socket, tcp, (adapter) => hub.accept(adapter, { authentication: { userId } }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    manager: getWebSocketManager({ userId }, hub),
    close: async () => {
      await hub.close();
      server.close();
    },
  };
}
