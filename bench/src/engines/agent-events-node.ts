import { once } from 'node:events';
import { createHub, type EventLog } from '@ws/core';
import { attachWebSocket } from '@ws/core/ws';
import { SUBPROTOCOL } from '@ws/types';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { Arrivals, listen, type BenchClient, type BenchNode } from './node.ts';

/** The event of the protocol that needs no run. */
const TYPE = 'user_message';

/** A hub on a log behind WebSockets. Closing the node closes the log. */
export async function startAgentEventsNode(log: EventLog): Promise<BenchNode> {
  const hub = createHub({ log, tuning: { coalesceMs: 0 } });
  const { server, port } = await listen();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL });
  server.on('upgrade', (request, tcp, head) => {
    const userId = new URL(request.url ?? '/', 'http://server').searchParams.get('user') ?? '';
    sockets.handleUpgrade(request, tcp, head, (socket) => {
      attachWebSocket(socket, tcp, (adapter) => hub.accept(adapter, { authentication: { userId } }));
    });
  });
  return {
    port,
    emit: (userId, n) =>
      hub.manager({ userId }).emit({ type: TYPE, payload: { message_id: `m${n}`, text: String(n) } }),
    async close() {
      await hub.drain({ deadlineMs: 1_000 });
      server.close();
      server.closeAllConnections();
      await hub.close();
    },
  };
}

/** A client that knows nothing but the protocol, live from now on. */
export async function connectAgentEventsClient(port: number, userId: string): Promise<BenchClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?user=${userId}`, SUBPROTOCOL);
  const arrivals = new Arrivals();
  await once(socket, 'open');
  const ready = once(socket, 'message');
  socket.send('{"type":"hello"}');
  await ready;
  socket.on('message', (data: RawData) => {
    // Text messages of `ws` are buffers.
    const frame = JSON.parse((data as Buffer).toString()) as { type: string; payload?: { text: string } };
    if (frame.type === TYPE && frame.payload !== undefined) arrivals.note(Number(frame.payload.text));
  });
  return { arrived: (n) => arrivals.wait(n), close: () => socket.close() };
}
