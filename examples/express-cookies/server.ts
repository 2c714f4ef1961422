import { mkdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from '@ws/server';
import { openSqliteLog } from '@ws/sqlite';
import { parseCookie } from 'cookie';
import express from 'express';
import { openSessions, type Session } from './sessions.ts';

const { PORT = '3000', DATA = './data', PAGE = 'page/dist' } = process.env;
mkdirSync(DATA, { recursive: true });
const sessions = openSessions(`${DATA}/sessions.db`);
const sessionOf = (cookies = ''): Session | undefined => sessions.find(parseCookie(cookies)['session']);

const server = await createServer({
  log: openSqliteLog({ path: `${DATA}/events.db` }),
  // Called for each connection, and again when one resumes.
  authenticate: ({ headers }) => {
    const session = sessionOf(headers.cookie);
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

const app = express();
app.use(express.static(PAGE), express.json());
app.get('/me', (request, response) => {
  response.json({ userId: sessionOf(request.headers.cookie)?.userId ?? null });
});
app.post('/sign-in', (request, response) => {
  const { name } = request.body as { readonly name?: unknown };
  // Yours checks a password here.
  if (typeof name !== 'string' || !/^\w{1,40}$/.test(name)) return void response.sendStatus(400);
  const { id, userId, expiresAt } = sessions.begin(name);
  response.cookie('session', id, { httpOnly: true, sameSite: 'strict', expires: new Date(expiresAt) });
  response.json({ userId });
});
app.post('/sign-out', async (request, response) => {
  const session = sessionOf(request.headers.cookie);
  if (session !== undefined) {
    sessions.end(session.id);
    // Closes the connections of this session, in every tab. Other sessions of the user stay.
    await server.hub.revoke({ userId: session.userId, tokenId: session.id, expiresAt: session.expiresAt });
  }
  response.clearCookie('session').sendStatus(204);
});

const httpServer = createHttpServer(app);
// WebSockets at /agents/ws, beside the calls of HTTP, so that the client finds Server-Sent Events where a proxy lets no WebSocket through.
await server.attach(httpServer, { basePath: '/agents' });
httpServer.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  httpServer.close();
  void server.close({ deadlineMs: 5_000 });
});
