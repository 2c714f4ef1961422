import { mkdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from '@ws/server';
import { openSqliteLog } from '@ws/sqlite';
import next from 'next';
import { shareAgents } from './lib/agents.ts';
import { openSessions } from './lib/sessions.ts';

const { PORT = '3000', DATA = './data', NODE_ENV } = process.env;
mkdirSync(DATA, { recursive: true });
const sessions = openSessions(`${DATA}/sessions.db`);

const server = await createServer({
  log: openSqliteLog({ path: `${DATA}/events.db` }),
  // Called for each connection, and again when one resumes.
  authenticate: ({ headers }) => {
    const session = sessions.find(/(?:^|; )session=([^;]+)/.exec(headers.cookie ?? '')?.[1]);
    return session === undefined ? null : { ...session, tokenId: session.id };
  },
  // A run whose process has died ends after this time. The default is 30 s; here you want to see it.
  tuning: { runLeaseMs: 5_000 },
  // The agent: yours calls a model here. It is slow enough to reload the page, or to kill the server, while it answers.
  onUserMessage: async ({ text, threadId, runId, manager }) => {
    await using run = await manager.startRun({ agentName: 'parrot', threadId, runId, task: text });
    for (const word of `You said: ${text}. That is all I have to say about it.`.split(' ')) {
      await run.write(`${word} `);
      await pause(250, undefined, { signal: run.signal });
    }
    await run.complete();
  },
});
shareAgents({ server, sessions });

const httpServer = createHttpServer((request, response) => void handle(request, response));
const dev = NODE_ENV !== 'production';
// Next listens for upgrades here, for hot reloading. In production it would leave those open that it does not know.
const listening = dev ? httpServer : createHttpServer();
const app = next({ dev, hostname: '127.0.0.1', port: Number(PORT), httpServer: listening });
const handle = app.getRequestHandler();
await app.prepare();
// WebSockets alone: the calls of HTTP are a route of Next, app/v1/[...path]/route.ts.
await server.attach(httpServer, { path: '/ws' });
httpServer.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  httpServer.close();
  void server.close({ deadlineMs: 5_000 }).then(() => app.close());
});
