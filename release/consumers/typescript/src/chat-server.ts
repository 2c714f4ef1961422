// A server of one's own around the packages, as README.md shows it: an agent that answers every message.
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createHub, getWebSocketManager, type UserMessage } from '@ws/core';
import { attachWebSocket } from '@ws/core/ws';
import { openSqliteLog } from '@ws/sqlite';
import { SUBPROTOCOL } from '@ws/types';
import { WebSocketServer } from 'ws';

export interface ChatServer {
  readonly url: string;
  /** How many events a user has. */
  eventsOf(userId: string): Promise<number>;
  close(): Promise<void>;
}

/** The agent: it says again what was said. */
async function answer({ runId, threadId, text, manager }: UserMessage): Promise<void> {
  await using run = await manager.startRun({ runId, threadId, agentName: 'echo', task: text });
  await run.think('It can be said again. ');
  await run.tool('echo', { text }, () => ({ text }));
  await run.write(`You said: ${text}`);
  await run.complete({ finalResponse: `You said: ${text}` });
}

export async function startChatServer(logFile: string): Promise<ChatServer> {
  const hub = createHub({ log: openSqliteLog({ path: logFile }), onUserMessage: answer });

  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536, handleProtocols: () => SUBPROTOCOL });
  server.on('upgrade', (request, tcp, head) => {
    const userId = new URL(request.url ?? '/', 'http://localhost').searchParams.get('user') ?? 'nobody';
    sockets.handleUpgrade(request, tcp, head, (socket) => {
      attachWebSocket(socket, tcp, (adapter) => hub.accept(adapter, { authentication: { userId } }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    eventsOf: async (userId) => (await getWebSocketManager({ userId }, hub).position()).offset,
    async close() {
      await hub.close();
      server.close();
    },
  };
}
