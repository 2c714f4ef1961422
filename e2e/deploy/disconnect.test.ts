import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { post, withKey } from '../../apps/server/test/support/http.ts';
import { Peer } from '../../apps/server/test/support/peer.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { SECRET_FILE, signToken } from '../../apps/server/test/support/tokens.ts';
import { upgrade } from '../../apps/server/test/support/upgrade.ts';
import { freePort } from '../../packages/test-support/src/index.ts';
import { BackgroundProgram } from './support/background-program.ts';
import { NATS, REDIS, type Program } from './support/programs.ts';
import { RollingNodes } from './support/rolling-nodes.ts';

const NODES = 3;
/** One connection more than there are nodes says nothing of which it is on; so many are on all of them. */
const PER_USER = 9;

interface Storage {
  readonly name: string;
  readonly isSkipped: boolean;
  /** Runs nodes of the service on it. Calls `work` with the address of the next node, in turn. */
  readonly run: (folder: string, work: (next: () => string) => Promise<void>) => Promise<void>;
}

function storageOf(name: string, program: Program, args: (port: string, folder: string) => readonly string[]): Storage {
  return {
    name: `three nodes on one ${name}`,
    isSkipped: program.isSkipped,
    run: async (folder, work) => {
      const port = await freePort();
      await using _program = await BackgroundProgram.start(program.path, args(String(port), folder), port);
      await using nodes = await RollingNodes.start(NODES, folder, `${name}://127.0.0.1:${port}`);
      await work(() => nodes.next());
    },
  };
}

const STORAGES: readonly Storage[] = [
  storageOf('redis', REDIS, (port, folder) => ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '']),
  storageOf('nats', NATS, (port, folder) => ['-js', '-p', port, '-a', '127.0.0.1', '-sd', join(folder, 'nats')]),
  {
    name: 'three workers on one SQLite file',
    isSkipped: false,
    run: async (folder, work) => {
      const env = {
        WS_WORKERS: String(NODES),
        WS_LOG_URL: `sqlite:${join(folder, 'events.db')}`,
        WS_DEVELOPMENT_SECRET_FILE: SECRET_FILE,
      };
      await using server = await ServerProcess.start({ cwd: folder, env });
      await work(() => server.url);
    },
  },
];

async function ticketAt(url: string, userId: string, connectionExpiresAt: number): Promise<string> {
  const body = { user_id: userId, connection_expires_at: connectionExpiresAt };
  return String((await post(`${url}/v1/tickets`, body, withKey)).body['ticket']);
}

/** Opens connections one after the other, each at the next node. */
async function openMany(next: () => string, open: (url: string) => Promise<Peer>): Promise<readonly Peer[]> {
  const peers: Peer[] = [];
  while (peers.length < PER_USER) peers.push(await open(next()));
  return peers;
}

describe.each(STORAGES.map((storage) => [storage.name, storage] as const))('%s', (_name, { isSkipped, run }) => {
  it.skipIf(isSkipped)(
    'disconnecting a user at one node reaches all, and a ticket brings its expiry to any',
    async () => {
      using folder = makeTempFolder();
      await run(folder.path, async (next) => {
        const token = await signToken({ sub: 'alice' });
        const end = Date.now() + 3_600_000;
        const tabs = await openMany(next, async (url) => Peer.ready(url, { token }));
        const others = await openMany(next, async (url) => {
          const ticket = await ticketAt(next(), 'bob', end);
          return Peer.ready(url, { query: `?ticket=${ticket}` });
        });
        expect(new Set(others.map(({ frames }) => frames[0]?.['expires_at']))).toEqual(new Set([end]));
        const waiting = await ticketAt(next(), 'alice', end);

        const { status } = await post(`${next()}/v1/users/alice/disconnect`, {}, withKey);
        expect(status).toBe(200);
        for (const tab of tabs) expect((await tab.ended(20_000)).code).toBe(4501);
        const refused = { status: 401, error: { code: 'CREDENTIAL_REVOKED' } };
        for (let n = 0; n < PER_USER; n += 1) {
          expect(await upgrade(next(), { headers: { Authorization: `Bearer ${token}` } })).toMatchObject(refused);
        }
        // Issued about when the user was disconnected: revoked or, where the second is the same, too close to tell.
        expect(await upgrade(next(), { path: `/ws?ticket=${waiting}` })).toMatchObject({ status: 401 });
        for (const peer of others) {
          peer.say({ type: 'ping' });
          await peer.frame('pong');
          peer.socket.terminate();
        }
      });
    },
  );
});
