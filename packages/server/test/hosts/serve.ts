// `node --conditions=@ws/source packages/server/test/hosts/serve.ts RECIPE PORT`, or with Bun or Deno: serves a recipe, and does what the
// lines on standard input say: `stats`, `drain`.
import { createInterface } from 'node:readline';
import { MemoryEventLog } from '@ws/core';
import { createServer, WebSocketError, type Server } from '@ws/server';
import { createLogger } from '@ws/server/process';
import { BUDGET_BYTES, CONNECTIONS_PER_ADDRESS, HEARTBEAT_MS, KEY } from './contract.ts';

const [recipe = '', port = ''] = process.argv.slice(2);
const server = await createServer({
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
// What runs is what the documentation shows.
const { start } = (await import(`./recipes/${recipe}.ts`)) as {
  readonly start: (server: Server, port: number) => Promise<void>;
};
await start(server, Number(port));
console.log('ready');

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'drain') void server.close({ deadlineMs: 3_000 }).then(() => console.log('closed'));
  if (line === 'stats') console.log(JSON.stringify(server.hub.inspect().totals));
});
