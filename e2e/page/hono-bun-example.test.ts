import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { bunProgram } from '../../bench/src/speed/bun-program.ts';
import { launchBrowser } from './support/browser.ts';
import { standsTheScenario } from './support/chat-scenario.ts';
import { isSkipped, ROOT } from './support/places.ts';

const cwd = resolve(ROOT, 'examples/hono-bun');
const PAGE = resolve(ROOT, 'test-results/example-hono-bun');
const bun = bunProgram();

describe.skipIf(isSkipped || bun === undefined)('the example with Hono on Bun', () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = ['build', 'page/index.html', '--outdir', PAGE, '--production', '--conditions=@ws/source'];
    await promisify(execFile)(bun ?? '', args, { cwd });
    browser = await launchBrowser();
  });
  afterAll(async () => browser?.close());

  it('stands a reload, a second tab, kill -9, other users, and a sign-out of one session', async () => {
    using data = makeTempFolder();
    await standsTheScenario(browser, {
      command: [bun ?? '', '--conditions=@ws/source', 'server.ts'],
      cwd,
      env: { PORT: '0', DATA: data.path, PAGE },
    });
  }, 120_000);
});
