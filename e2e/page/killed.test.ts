/// <reference lib="dom" />
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO, ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { launchBrowser } from './support/browser.ts';
import { DemoPage } from './support/demo-page.ts';
import { isSkipped, PAGE_FOLDER } from './support/places.ts';

/** What a browser says by itself of a server that is away: no fault of the page. */
const OF_THE_BROWSER = /ERR_CONNECTION_REFUSED|^request failed: |WebSocket connection to/;
/** Words that only a program would use, and claims that do not hold of a server that is away. */
const NOT_TO_BE_SAID = /Failed to fetch|Load failed|NetworkError|TypeError|aborted|goes? on at the server/;

describe.skipIf(isSkipped)('the server is killed in the middle of a run', () => {
  let folder: TempFolder;
  let server: ServerProcess;
  let browser: Browser;

  /** On the same data each time; its pages are at the same address if `port` is. */
  const start = async (port = '0'): Promise<ServerProcess> => {
    const log = `sqlite:${resolve(folder.path, 'events.db')}`;
    const env = { WS_PAGE_FOLDER: PAGE_FOLDER, WS_PORT: port, WS_LOG_URL: log };
    return ServerProcess.start({ cwd: folder.path, env, program: DEMO });
  };

  beforeAll(async () => {
    folder = makeTempFolder();
    server = await start();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('says only what it knows while it is away, and is live again by itself when it is back', async () => {
    // Motion is not reduced: what turns would be seen to turn.
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = new DemoPage(await context.newPage());
    await page.go(`${server.url}/?user=killed`);
    await page.ask('What is this project? Answer slowly.');
    await page.page.locator('[data-testid="answer"]:not(:empty)').waitFor();
    const { port } = server;
    server.kill('SIGKILL');
    await server.ended();

    await page.the('resume-notice').waitFor();
    await page.page.locator('[data-testid="run-card"][data-activity="unknown"]').waitFor();
    const run = page.runs();
    expect(await run.textContent()).toContain('Last seen running');
    const clock = await page.page.locator('.elapsed-time').allTextContents();
    await page.ask('Where is the manager factory defined?');
    await page.the('outgoing-message').filter({ hasText: 'Waits for the connection' }).waitFor();
    await page.page.getByText('The server can’t be reached.').waitFor();
    await page.the('connection-state').filter({ hasText: 'Not connected' }).waitFor();
    await page.shoot('killed-1-away');
    expect(await page.page.locator('.elapsed-time').allTextContents()).toEqual(clock);
    expect(await page.page.locator('.spinner').count()).toBe(0);
    expect(await page.page.locator('[data-writing="true"]').count()).toBe(0);
    expect(await page.page.locator('body').innerText()).not.toMatch(NOT_TO_BE_SAID);
    await expectWholeOnPhone(page);

    server = await start(port);
    await page.live();
    await page.page.locator('[data-testid="resume-notice"][data-tone="good"]').waitFor();
    await page.runs('interrupted').waitFor();
    await page.runs('completed').waitFor();
    await page.runs('interrupted').scrollIntoViewIfNeeded();
    await page.shoot('killed-2-back');
    expect(await page.the('user-message').count()).toBe(2);
    expect(await page.runs().count()).toBe(2);
    expect(await page.runs('completed').textContent()).toContain('packages/core/src/get-web-socket-manager.ts');
    // The hours until somebody noticed are no time of the run.
    expect(await page.runs('interrupted').locator('.run-header .elapsed-time').textContent()).toBe(clock[0]);
    expect(await page.page.locator('.spinner').count()).toBe(0);
    expect(await page.page.locator('body').innerText()).not.toMatch(NOT_TO_BE_SAID);

    await page.ask('How many lines of tests are there?');
    await page.runs('completed').nth(1).waitFor();
    await page.shoot('killed-3-asked-again');
    expect(page.complaints.filter((complaint) => !OF_THE_BROWSER.test(complaint))).toEqual([]);
    await context.close();
  });
});

/** On a phone the offset of the position is not cut off, and the state of the run stands on one line. */
async function expectWholeOnPhone(page: DemoPage): Promise<void> {
  const size = page.page.viewportSize();
  await page.page.setViewportSize({ width: 390, height: 844 });
  await page.the('connection-state').filter({ hasText: 'Not connected' }).waitFor();
  await page.shoot('killed-1-away-phone');
  const offset = page.page.locator('.position-text__offset');
  const isWhole = offset.evaluate((text) => {
    const frame = text.closest('.position-text');
    return frame !== null && text.getBoundingClientRect().right <= frame.getBoundingClientRect().right;
  });
  expect(await isWhole).toBe(true);
  const badge = page.runs().locator('.run-header .status-badge');
  const lines = badge.evaluate(
    (text) => text.getBoundingClientRect().height / parseFloat(getComputedStyle(text).lineHeight),
  );
  expect(await lines).toBeLessThan(2);
  if (size !== null) await page.page.setViewportSize(size);
}
