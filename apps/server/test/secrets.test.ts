import { expect, it } from 'vitest';
import { call, eventsAddress, post, ticketFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder } from './support/temp-folder.ts';
import { signToken } from './support/tokens.ts';
import { upgrade } from './support/upgrade.ts';

const KEY = 'key-that-nobody-may-see-32-letters';
const SECRET = 'secret-that-nobody-may-see-32-letters';

it('no token, ticket, key or secret gets into an answer or the log, not even at level trace', async () => {
  using folder = makeTempFolder();
  const env = { WS_DEVELOPMENT: 'off', WS_LOG_LEVEL: 'trace', WS_API_KEY: KEY, WS_JWT_SECRET: SECRET };
  await using server = await ServerProcess.start({ cwd: folder.path, env });
  const { url } = server;
  const token = await signToken({ sub: 'alice' }, { secret: SECRET });
  const bearer = `Bearer ${token}`;
  const wrong = `${token.slice(0, -6)}AAAAAA`;
  const guess = 'guess-that-nobody-may-see';
  const answers: string[] = [];

  // Every way to fail that has a credential in it.
  for (const headers of [
    { Authorization: `Bearer ${wrong}` },
    { 'Sec-WebSocket-Protocol': `agent-events.v1, jwt.${wrong}` },
    { 'Sec-WebSocket-Protocol': `jwt.${token}` },
    { Authorization: bearer, Origin: 'https://evil.example' },
    { Authorization: bearer, 'Sec-WebSocket-Key': undefined },
  ]) {
    answers.push(JSON.stringify(await upgrade(url, { headers })));
  }
  answers.push(JSON.stringify(await upgrade(url, { path: `/ws?ticket=${guess}` })));
  answers.push(JSON.stringify(await upgrade(url, { path: `/nowhere?ticket=${guess}` })));
  for (const authorization of [bearer, `Bearer ${guess}`]) {
    answers.push((await post(eventsAddress(url, 'alice'), { events: [] }, { authorization })).text);
    answers.push((await call(eventsAddress(url, 'bob'), { headers: { authorization } })).text);
    answers.push((await call(`${url}/nowhere`, { headers: { authorization } })).text);
  }
  answers.push((await post(`${url}/v1/tickets`, '{', { authorization: `Bearer ${KEY}` })).text);
  answers.push((await call(eventsAddress(url, 'alice', `?ticket=${guess}`))).text);
  const peer = await Peer.open(url, { hello: { token: wrong } });
  await peer.ended();
  const other = await Peer.ready(url, { token });
  other.say({ type: 'auth', token: wrong });
  await other.frame('error');
  other.say({ type: 'auth', token: 7 });
  await other.frame((frame) => frame['code'] === 'INVALID_FRAME');
  await other.close();
  answers.push(JSON.stringify([...peer.frames, ...other.frames]));
  answers.push((await call(`${url}/metrics`)).text, (await call(`${url}/readyz`)).text);

  server.kill('SIGTERM');
  await server.ended();
  const everything = [...answers, server.stdout, server.stderr].join('\n');
  expect(answers.filter((text) => /error/.test(text)).length).toBeGreaterThan(10);
  for (const secret of [token, wrong, wrong.split('.')[1] ?? '', guess, KEY, SECRET]) {
    expect(everything.includes(secret) ? `shown: ${secret}` : 'hidden').toBe('hidden');
  }
});

it('a ticket that was used is not told apart from one that never was', async () => {
  using folder = makeTempFolder();
  await using server = await ServerProcess.start({ cwd: folder.path });
  const ticket = await ticketFor(server.url, 'alice');
  await (await Peer.ready(server.url, { query: `?ticket=${ticket}` })).close();
  const used = await upgrade(server.url, { path: `/ws?ticket=${ticket}` });
  const unknown = await upgrade(server.url, { path: '/ws?ticket=nonsense' });
  expect(used.body).toBe(unknown.body);
});
