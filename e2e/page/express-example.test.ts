import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { launchBrowser } from './support/browser.ts';
import { standsTheScenario } from './support/chat-scenario.ts';
import { EXPRESS_FOLDER, isSkipped, ROOT } from './support/places.ts';

describe.skipIf(isSkipped)('the example with Express and cookies', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => browser?.close());

  it('stands a reload, a second tab, kill -9, other users, and a sign-out of one session', async () => {
    using data = makeTempFolder();
    const cwd = resolve(ROOT, 'examples/express-cookies');
    await standsTheScenario(browser, {
      command: [process.execPath, '--conditions=@ws/source', 'server.ts'],
      cwd,
      env: { PORT: '0', DATA: data.path, PAGE: EXPRESS_FOLDER },
    });
  }, 120_000);
});
