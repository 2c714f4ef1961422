/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO, ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { launchBrowser } from './support/browser.ts';
import { complaintsOf } from './support/complaints.ts';
import { EXAMPLE_FOLDER, isSkipped, SCREENSHOTS } from './support/places.ts';

const PATIENCE_MS = 30_000;
const DELTAS = 10_000;
const WORD = 'word ';

// `examples/react` as it is built, on the service with its demo agent.
describe.skipIf(isSkipped)('the example in React', () => {
  let folder: TempFolder;
  let server: ServerProcess;
  let browser: Browser;
  let context: BrowserContext;
  const env = (): Record<string, string> => ({
    WS_PAGE_FOLDER: EXAMPLE_FOLDER,
    // Every delta is to reach the page by itself.
    WS_COALESCE_MS: '0',
    WS_LOG_URL: `sqlite:${resolve(folder.path, 'events.db')}`,
  });

  beforeAll(async () => {
    folder = makeTempFolder();
    server = await ServerProcess.start({ cwd: folder.path, env: env(), program: DEMO });
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

  const chunk = () => ({ type: 'agent_response_chunk', run_id: 'r1', payload: { delta: WORD } });

  async function publish(user: string, events: readonly object[]): Promise<void> {
    const { status } = await fetch(`${server.url}/v1/users/${user}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer dev-key' },
      body: JSON.stringify({ events }),
    });
    expect(status).toBe(200);
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
      // The message stands above the run that answers it.
      expect(await tab.locator('[data-testid="message"] + [data-testid="run"]').count()).toBe(1);
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
      program: DEMO,
    });
    await page.getByText('Try now').click();
    await page.locator('[data-testid="message"][data-status="sent"]').nth(1).waitFor();
    await runs(page, 'completed').waitFor();
    expect(await page.getByTestId('message').count()).toBe(2);
    // The agent of the first run died with its server.
    await runs(page, 'interrupted').waitFor();
    await shoot(page, 'back');
  });

  it('renders a stream of tokens once a frame at most', async () => {
    const page = await open('dora');
    await publish('dora', [
      { type: 'agent_started', thread_id: 'react', run_id: 'r1', payload: { agent_name: 'writer' } },
      chunk(),
    ]);
    await page.getByTestId('answer').waitFor();
    // React changes the page once for each render that changes something, and an observer hears of each change by itself.
    await page.evaluate(() => {
      const counts = { renders: 0, frames: 0 };
      const answer = document.querySelector('[data-testid="answer"]');
      if (answer === null) throw new Error('the answer is on the page');
      new MutationObserver(() => (counts.renders += 1)).observe(answer, {
        characterData: true,
        childList: true,
        subtree: true,
      });
      const frame = (): void => {
        counts.frames += 1;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      Object.assign(globalThis, { counts });
    });
    const batches = 100;
    for (let n = 1; n <= batches; n += 1) await publish('dora', Array.from({ length: DELTAS / batches }, chunk));
    await publish('dora', [
      { type: 'agent_completed', run_id: 'r1', payload: { status: 'completed', duration_ms: 1 } },
    ]);
    await runs(page, 'completed').waitFor();
    expect((await page.getByTestId('answer').textContent())?.length).toBe((DELTAS + 1) * WORD.length);
    const { renders, frames } = await page.evaluate(
      () => (globalThis as unknown as { counts: { renders: number; frames: number } }).counts,
    );
    console.log(`${DELTAS} deltas: ${renders} renders of the answer in ${frames} frames`);
    expect(renders).toBeGreaterThan(1);
    expect(renders).toBeLessThanOrEqual(frames + 1);
  });

  it('stops a run', async () => {
    const page = await open('carol');
    await ask(page, 'How many lines of tests are there?');
    await page.getByTestId('stop').click();
    await runs(page, 'cancelled').waitFor();
    expect(await page.getByTestId('stop').count()).toBe(0);
  });
});
