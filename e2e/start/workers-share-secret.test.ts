import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tokenFor } from '../../apps/server/test/support/http.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { upgrade } from '../../apps/server/test/support/upgrade.ts';
import { freePort } from '../../packages/test-support/src/index.ts';
import { BackgroundProgram } from '../deploy/support/background-program.ts';
import { REDIS } from '../deploy/support/programs.ts';

const WORKERS = 3;

it.skipIf(REDIS.isSkipped)('workers on one Redis share a development secret, which is gone with them', async () => {
  using folder = makeTempFolder();
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path, '--save', ''];
  await using _redis = await BackgroundProgram.start(REDIS.path, args, port);
  const TMPDIR = join(folder.path, 'tmp');
  mkdirSync(TMPDIR);
  const env = { TMPDIR, WS_WORKERS: String(WORKERS), WS_LOG_URL: `redis://127.0.0.1:${port}` };
  await using server = await ServerProcess.start({ cwd: folder.path, env });
  expect(server.stderr.match(/development mode/g)).toHaveLength(1);
  const headers = { Authorization: `Bearer ${await tokenFor(server.url, 'alice')}` };
  // Connections are dealt out in turn.
  for (let n = 0; n < 2 * WORKERS; n += 1) expect((await upgrade(server.url, { headers })).status).toBe(101);
  const [secret = ''] = readdirSync(TMPDIR).filter((name) => name.startsWith('ws-development-'));
  expect(readdirSync(join(TMPDIR, secret))).toEqual(['development-secret']);
  server.kill('SIGTERM');
  expect((await server.ended()).code).toBe(0);
  expect(readdirSync(TMPDIR).filter((name) => name.startsWith('ws-development-'))).toEqual([]);
});
