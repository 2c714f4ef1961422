import { judge, type Claim } from '../support/claim.ts';
import { post, secondsFromNow, signToken } from '../support/http.ts';
import { makeTempFolder } from '../support/places.ts';
import { Server } from '../support/server.ts';
import { upgradeStatus, Wire, type WireOptions } from '../support/wire.ts';

const SECRET = 'a secret for this run that nobody else knows';
const KEY = 'key-of-the-publishers-for-this-run-alone';
const PRODUCTION = {
  WS_DEVELOPMENT: 'off',
  NODE_ENV: 'production',
  WS_JWT_SECRET: SECRET,
  WS_API_KEY: KEY,
  WS_LOG_LEVEL: 'silent',
};

/** Claims of a good token, now: hours may lie between the start of a run and this claim. */
const claims = () => ({ sub: 'alice', exp: secondsFromNow(3600) });
const bearer = (token: string): WireOptions => ({ headers: { authorization: `Bearer ${token}` } });
const altered = (token: string): string => token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA');

/** What is tried, and the HTTP status it has to get. */
function attempts(): readonly (readonly [name: string, options: WireOptions, status: number])[] {
  const good = claims();
  return [
    ['a good token as a subprotocol entry', { token: signToken(good, SECRET) }, 101],
    ['a good token in Authorization', bearer(signToken(good, SECRET)), 101],
    ['a token of another secret', bearer(signToken(good, 'some other secret of the same length and more')), 401],
    ['a token whose signature was altered', bearer(altered(signToken(good, SECRET))), 401],
    ['a token without a signature (alg none)', bearer(signToken(good, SECRET, 'none')), 401],
    ['a token that has expired', bearer(signToken({ ...good, exp: secondsFromNow(-60) }, SECRET)), 401],
    ['a token that is not valid yet', bearer(signToken({ ...good, nbf: secondsFromNow(600) }, SECRET)), 401],
    ['a token that names nobody', bearer(signToken({ exp: good.exp }, SECRET)), 401],
    ['the key of the publishers as a token', bearer(KEY), 401],
    ['a ticket that was never given', { query: '?ticket=guessed' }, 401],
    [
      'a page of a foreign origin',
      { token: signToken(good, SECRET), headers: { origin: 'https://evil.example' } },
      403,
    ],
  ];
}

export const authentication: Claim = {
  id: 'authentication',
  claim: 'The authentication chain lets in who may come in, and nobody else',
  source: '“Authentication integration: WebSocket auth chain maintained”',
  async run() {
    using folder = makeTempFolder();
    await using server = await Server.start({ folder: folder.path, env: PRODUCTION });
    const { url } = server;
    const good = claims();
    const seen: string[] = [];
    const wrong: string[] = [];
    const note = (name: string, answer: number | string, wanted: number | string): void => {
      seen.push(`${name} → ${answer}`);
      if (answer !== wanted) wrong.push(`${name}: ${answer} instead of ${wanted}`);
    };

    for (const [name, options, status] of attempts()) note(name, await upgradeStatus(url, options), status);

    const { body } = await post(`${url}/v1/tickets`, { user_id: 'alice' }, KEY);
    const ticket = { query: `?ticket=${String(body['ticket'])}` };
    note('a ticket', await upgradeStatus(url, ticket), 101);
    note('the same ticket again', await upgradeStatus(url, ticket), 401);
    const { body: second } = await post(`${url}/v1/tickets`, { user_id: 'alice' }, KEY);
    const at_once = await Promise.all(
      Array.from({ length: 8 }, () => upgradeStatus(url, { query: `?ticket=${String(second['ticket'])}` })),
    );
    note('a ticket eight times at once, let in', at_once.filter((status) => status === 101).length, 1);
    const foreign = await post(`${url}/v1/tickets`, { user_id: 'alice' }, signToken(good, SECRET));
    note('a ticket asked for with the token of a user', foreign.status, 401);
    const development = await post(`${url}/dev/token`, { user_id: 'alice' });
    note('a development token in production', development.status, 403);

    const nobody = await Wire.open(url);
    await nobody.until(() => nobody.closeCode !== undefined, 'the close of a connection without a credential');
    note('no credential, close code', nobody.closeCode ?? 0, 4501);
    const alice = await Wire.open(url, { token: signToken(good, SECRET) });
    note('who a good token is', String(alice.frames[0]?.['user_id']), 'alice');
    alice.say({ type: 'auth', token: signToken({ ...good, sub: 'mallory' }, SECRET) });
    await alice.until(
      () => alice.frames.some(({ type }) => type === 'error' || type === 'auth_ok'),
      'an answer to auth',
    );
    note('a fresh token of another user', alice.frames.at(-1)?.type ?? '', 'error');
    alice.close();
    return judge(wrong, { attempts: seen.length, 'as they have to be': seen.length - wrong.length }, [
      'built server with NODE_ENV=production and a secret of its own',
      ...seen,
    ]);
  },
};
