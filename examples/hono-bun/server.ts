import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from '@ws/server';
import { agentHooks } from '@ws/server/crossws';
import { openSqliteLog } from '@ws/sqlite';
import { serve } from 'crossws/server';
import { Hono, type Context } from 'hono';
import { serveStatic } from 'hono/bun';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { parse } from 'hono/utils/cookie';
import { openSessions, type Session } from './sessions.ts';

const { PORT = '3000', DATA = './data', PAGE = './page/dist' } = process.env;
mkdirSync(DATA, { recursive: true });
const sessions = openSessions(`${DATA}/sessions.db`);

const server = await createServer({
  log: openSqliteLog({ path: `${DATA}/events.db` }),
  // Called for each connection, and again when one resumes.
  authenticate: ({ headers }) => {
    const session = sessions.find(parse(headers.cookie ?? '')['session']);
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

const app = new Hono();
const sessionOf = (context: Context): Session | undefined => sessions.find(getCookie(context, 'session'));
app.get('/me', (context) => context.json({ userId: sessionOf(context)?.userId ?? null }));
app.post('/sign-in', async (context) => {
  const { name } = await context.req.json<{ readonly name?: unknown }>();
  // Yours checks a password here.
  if (typeof name !== 'string' || !/^\w{1,40}$/.test(name)) return context.body(null, 400);
  const { id, userId, expiresAt } = sessions.begin(name);
  setCookie(context, 'session', id, { httpOnly: true, sameSite: 'Strict', expires: new Date(expiresAt) });
  return context.json({ userId });
});
app.post('/sign-out', async (context) => {
  const session = sessionOf(context);
  if (session !== undefined) {
    sessions.end(session.id);
    // Closes the connections of this session, in every tab. Other sessions of the user stay.
    await server.hub.revoke({ userId: session.userId, tokenId: session.id, expiresAt: session.expiresAt });
  }
  deleteCookie(context, 'session');
  return context.body(null, 204);
});
// The calls of HTTP: Server-Sent Events where a proxy lets no WebSocket through, history, publishing.
app.all('/agents/*', async (context) => server.fetch(context.req.raw, { basePath: '/agents' }));
app.use(serveStatic({ root: PAGE }));

const http = serve({
  fetch: app.fetch,
  websocket: agentHooks(server),
  hostname: '127.0.0.1',
  port: Number(PORT),
  silent: true,
});
await http.ready();
console.log(`listening on ${(http.url ?? '').replace(/\/$/, '')}`);
process.once('SIGTERM', () => void server.close({ deadlineMs: 5_000 }).then(() => http.close()));
