import { MemoryEventLog } from '@ws/core';
import { createServer, WebSocketError, type Server } from '@ws/server';
import { createLogger } from '@ws/server/process';
import { BUDGET_BYTES, CONNECTIONS_PER_ADDRESS, HEARTBEAT_MS, KEY } from './contract.ts';

/** The server that every host serves. */
export async function openServer(): Promise<Server> {
  return createServer({
    log: new MemoryEventLog(),
    apiKeys: { key: KEY },
    allowedOrigins: ['https://app.example.com'],
    logger: createLogger('warn'),
    authenticate: ({ headers }) => {
      const userId = /session=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
      if (userId === 'expired') throw new WebSocketError('CREDENTIAL_EXPIRED', 'the session has expired');
      if (userId === 'stolen') throw new WebSocketError('CREDENTIAL_INVALID', 'sign in again');
      return userId === undefined ? null : { userId };
    },
    onUserMessage: async ({ text, manager, threadId, runId }) => {
      await using run = await manager.startRun({ agentName: 'echo', threadId, runId });
      await run.complete({ finalResponse: text });
    },
    tuning: { heartbeatMs: HEARTBEAT_MS, outboundBudgetBytes: BUDGET_BYTES },
    limits: { connectionsPerAddress: CONNECTIONS_PER_ADDRESS },
  });
}
