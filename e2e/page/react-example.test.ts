/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { launchBrowser } from './support/browser.ts';
import { complaintsOf } from './support/complaints.ts';
import { EXAMPLE_FOLDER, isSkipped, ROOT, SCREENSHOTS } from './support/places.ts';

const PATIENCE_MS = 20_000;

// `examples/react` as it is built, on the service with its demo agent.
describe.skipIf(isSkipped)('the example in React', () => {
  let folder: TempFolder;
  let server: ServerProcess;
  let browser: Browser;
  let context: BrowserContext;
  const env = (): Record<string, string> => ({
    WS_PAGE_FOLDER: EXAMPLE_FOLDER,
    WS_LOG_URL: `sqlite:${resolve(folder.path, 'events.db')}`,
  });

  beforeAll(async () => {
    folder = makeTempFolder();
    server = await ServerProcess.start({ cwd: folder.path, env: env(), args: ['--workspace', ROOT] });
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 900, height: 800 } });
  });
  afterEach(async () => context.close());
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  async function open(user: string): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${server.url}/?user=${user}`);
    await page.locator('[data-testid="connection"][data-state="live"]').waitFor();
    return page;
  }

  async function ask(page: Page, question: string): Promise<void> {
    await page.getByTestId('message-input').fill(question);
    await page.getByTestId('send').click();
  }

  const runs = (page: Page, status: string) => page.locator(`[data-testid="run"][data-status="${status}"]`);

  async function shoot(page: Page, name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: resolve(SCREENSHOTS, `react-${name}.png`) });
  }

  it('shows a run of the demo agent as it happens, in every tab, and again after a reload', async () => {
    const page = await open('alice');
    const complaints = complaintsOf(page);
    const other = await open('alice');
    await ask(page, 'Where is the manager factory defined?');
    await page.getByTestId('tool').first().waitFor();
    await shoot(page, 'working');
    // In the middle of the run.
    await other.reload();
    for (const tab of [page, other]) {
      await runs(tab, 'completed').waitFor();
      expect(await tab.getByTestId('answer').textContent()).toContain('packages/core/src/get-web-socket-manager.ts');
      expect(await tab.locator('[data-testid="tool"][data-status="completed"]').count()).toBeGreaterThan(0);
      expect(await tab.getByTestId('message').count()).toBe(1);
      expect(await tab.locator('.spinner').count()).toBe(0);
    }
    await shoot(page, 'answered');
    expect(complaints).toEqual([]);
  });

  it('turns no spinner while the server is away, sends what was written meanwhile, and says how a lost run ended', async () => {
    const page = await open('bob');
    await ask(page, 'How many lines of tests are there?');
    await runs(page, 'running').waitFor();
    const { port } = server;
    server.kill('SIGKILL');
    await server.ended();
    await page.locator('[data-testid="connection"][data-state="waiting"]').waitFor();
    expect(await page.locator('.spinner').count()).toBe(0);
    await ask(page, 'What is this project?');
    await page.locator('[data-testid="message"][data-status="sending"]').waitFor();
    await shoot(page, 'away');
    server = await ServerProcess.start({
      cwd: folder.path,
      env: { ...env(), WS_PORT: port },
      args: ['--workspace', ROOT],
    });
    await page.getByText('Try now').click();
    await page.locator('[data-testid="message"][data-status="sent"]').nth(1).waitFor();
    await runs(page, 'completed').waitFor();
    expect(await page.getByTestId('message').count()).toBe(2);
    // The agent of the first run died with its server.
    await runs(page, 'interrupted').waitFor();
    await shoot(page, 'back');
  });

  it('stops a run', async () => {
    const page = await open('carol');
    await ask(page, 'How many lines of tests are there?');
    await page.getByTestId('stop').click();
    await runs(page, 'cancelled').waitFor();
    expect(await page.getByTestId('stop').count()).toBe(0);
  });
});
