import { describe, expect, it } from 'vitest';
import { call, post, withKey } from '../../apps/server/test/support/http.ts';
import { Peer } from '../../apps/server/test/support/peer.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { signToken } from '../../apps/server/test/support/tokens.ts';
import { upgrade } from '../../apps/server/test/support/upgrade.ts';
import { mountSmallVolume } from '../../packages/test-support/src/index.ts';
import { RedisServer } from '../../packages/redis/test/support/redis-server.ts';
import { REDIS } from './support/programs.ts';
import { RollingNodes } from './support/rolling-nodes.ts';

const REFUSED = { status: 401, error: { code: 'CREDENTIAL_REVOKED' } };

async function upgradeWith(url: string, token: string): ReturnType<typeof upgrade> {
  return upgrade(url, { headers: { Authorization: `Bearer ${token}` } });
}

describe('a user is disconnected while the log cannot be written', { timeout: 60_000 }, () => {
  it.skipIf(REDIS.isSkipped)(
    'two nodes, Redis is killed: refused at once where it was asked, then on both',
    async () => {
      using folder = makeTempFolder();
      const redis = await RedisServer.start();
      try {
        await using nodes = await RollingNodes.start(2, folder.path, redis.url);
        const [here, there] = [nodes.next(), nodes.next()];
        const token = await signToken({ sub: 'alice' });
        const [thief, other] = [await Peer.ready(here, { token }), await Peer.ready(there, { token })];
        await redis.kill();
        const { status, body } = await post(`${here}/v1/users/alice/disconnect`, {}, withKey);
        expect([status, body['written']]).toEqual([202, false]);
        expect((await thief.ended()).code).toBe(4501);
        expect(await upgradeWith(here, token)).toMatchObject(REFUSED);
        expect((await call(`${here}/metrics`)).text).toContain('\nws_revocations_unwritten 1\n');

        await redis.start();
        expect((await other.ended(20_000)).code).toBe(4501);
        expect(await upgradeWith(there, token)).toMatchObject(REFUSED);
        const again = await post(`${here}/v1/users/alice/disconnect`, {}, withKey);
        expect([again.status, again.body['written']]).toEqual([200, true]);
      } finally {
        await redis.stop();
      }
    },
  );

  it('three workers, the disk is full: none of them takes the token', async ({ skip }) => {
    const volume = mountSmallVolume('16m');
    if (volume === undefined) return skip('this user may not mount a volume');
    try {
      const env = { WS_WORKERS: '3', WS_LOG_URL: `sqlite:${volume.folder}/events.db`, WS_LOG_LEVEL: 'silent' };
      await using server = await ServerProcess.start({ cwd: volume.folder, env });
      const { body: issued } = await post(`${server.url}/dev/token`, { user_id: 'alice' });
      const token = String(issued['token']);
      // One connection more than there are workers says nothing of which it is on; so many are on all of them.
      const tabs: Peer[] = [];
      while (tabs.length < 9) tabs.push(await Peer.ready(server.url, { token }));
      volume.fill();
      const { status, body } = await post(`${server.url}/v1/users/alice/disconnect`, {}, withKey);
      expect([status, body['written']]).toEqual([202, false]);
      for (const tab of tabs) expect([4001, 4501]).toContain((await tab.ended()).code);
      for (let n = 0; n < 9; n += 1) expect((await upgradeWith(server.url, token)).status).toBe(401);
      volume.free();
      await expect
        .poll(async () => (await call(`${server.url}/metrics`)).text, { timeout: 20_000 })
        .toContain('\nws_revocations_unwritten 0\n');
    } finally {
      volume.unmount();
    }
  });
});
