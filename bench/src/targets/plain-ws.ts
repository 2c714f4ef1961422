// A server as one would write it by hand on `ws`: a set of sockets per user, and an event encoded once for all of them.
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';
import { agentEvent, Connections, Offsets, userOfUrl } from './agent-event.ts';
import { serveTarget } from './serve-target.ts';
import { targetOptions } from './server-under-test.ts';

await serveTarget(async () => {
  const { port, sent } = targetOptions();
  const connections = new Connections<WebSocket>();
  const offsets = new Offsets(sent);
  const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false, clientTracking: false });
  server.on('connection', (socket, request) => {
    const user = userOfUrl(request.url);
    connections.add(user, socket);
    socket.on('close', () => connections.delete(user, socket));
    socket.on('error', () => socket.terminate());
  });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    prepare() {},
    emit(user, deltas) {
      for (const delta of deltas) {
        const text = JSON.stringify(agentEvent(user, offsets.next(user), delta));
        for (const socket of connections.of(user)) socket.send(text);
      }
      return undefined;
    },
    async close() {
      for (const socket of connections.all()) socket.close(1012);
      server.close();
    },
  };
});
