import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { root } from '../../scripts/workspace.mjs';

/** The files of this tree, as a clone of it would have them: nothing is installed or built. */
function cloneInto(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const file of listed.split('\0')) {
    const source = join(root, file);
    if (file !== '' && existsSync(source)) cpSync(source, join(folder, file));
  }
}

// The workspace of the tests has every package: what the page or the service needs and does not name is found there all the same.
it('start builds and serves the demo with no more installed than it installs', async () => {
  using clone = makeTempFolder();
  cloneInto(clone.path);
  const { HOME = '', npm_execpath = '' } = process.env;
  await using server = await ServerProcess.start({
    cwd: clone.path,
    program: join(clone.path, 'scripts/with-install.mjs'),
    args: ['service', 'node', 'scripts/start.mjs'],
    // The packages come from the store that the tests were installed from.
    env: { HOME, npm_execpath, NODE_COMPILE_CACHE: '' },
    startMs: 100_000,
  });
  expect(existsSync(join(clone.path, 'node_modules/vitest'))).toBe(false);
  const page = await (await fetch(server.url)).text();
  const script = /src="([^"]+\.js)"/.exec(page)?.[1];
  const answer = await fetch(new URL(script ?? 'no-script', server.url));
  expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
    status: 200,
    type: expect.stringContaining('javascript') as string,
  });
}, 120_000);
