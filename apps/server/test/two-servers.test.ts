import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';
import { SECRET, signToken } from './support/tokens.ts';
import { upgrade } from './support/upgrade.ts';

const KEY = 'key-of-the-back-end-0123456789-abcdef';
const LIMIT = 3;

describe('two servers that were started separately on one SQLite file', { timeout: 60_000 }, () => {
  let folder: TempFolder;
  let servers: readonly ServerProcess[] = [];

  beforeAll(async () => {
    folder = makeTempFolder();
    const env = {
      WS_DEVELOPMENT: 'off',
      WS_LOG_URL: `sqlite:${join(folder.path, 'events.db')}`,
      WS_JWT_SECRET: SECRET,
      WS_API_KEY: KEY,
      WS_MAX_CONNECTIONS_PER_USER: String(LIMIT),
    };
    servers = await Promise.all([1, 2].map(async () => ServerProcess.start({ cwd: folder.path, env })));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(servers.map(async (server) => server[Symbol.asyncDispose]()));
    folder[Symbol.dispose]();
  });

  it('accept the tickets of each other, each once', async () => {
    for (const [issuer, other] of [servers, servers.toReversed()]) {
      if (issuer === undefined || other === undefined) throw new Error('the servers run');
      const issue = async (): Promise<string> => {
        const { body } = await post(
          `${issuer.url}/v1/tickets`,
          { user_id: 'alice' },
          { authorization: `Bearer ${KEY}` },
        );
        return `/ws?ticket=${String(body['ticket'])}`;
      };
      const path = await issue();
      const statuses: number[] = [];
      for (const { url } of [other, issuer, other]) statuses.push((await upgrade(url, { path })).status);
      expect(statuses).toEqual([101, 401, 401]);
    }
  });

  it('hold a user to the limit of connections together: the oldest goes, wherever it is', async () => {
    const token = await signToken({ sub: 'bob' });
    const peers: Peer[] = [];
    for (let n = 0; n < LIMIT + 2; n += 1) {
      const url = servers[n % servers.length]?.url ?? '';
      peers.push(await Peer.ready(url, { token }));
    }
    const oldest = peers.slice(0, 2);
    expect((await Promise.all(oldest.map((peer) => peer.ended()))).map(({ code }) => code)).toEqual([4509, 4509]);
    expect(peers.filter(({ closed }) => closed === undefined)).toHaveLength(LIMIT);
    for (const peer of peers) peer.socket.terminate();
  });
});
