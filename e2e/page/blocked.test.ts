import { expect, it } from 'vitest';
import { startBlockingProxy } from '../../apps/server/test/support/blocking-proxy.ts';
import { DEMO, ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { launchBrowser } from './support/browser.ts';
import { DemoPage } from './support/demo-page.ts';
import { expectNoGap, expectWholeRun } from './support/expect-order.ts';
import { isSkipped, PAGE_FOLDER } from './support/places.ts';

/** What a browser says of WebSockets that are refused and of a stream that is cut off. */
const EXPECTED = [
  /^error: WebSocket connection to '\S+' failed: .* response code: 403$/,
  /^request failed: \S+\/v1\/(events|frames)(\?\S*)?$/,
  /^error: Failed to load resource: net::ERR_/,
];

it.skipIf(isSkipped)('behind a proxy that lets no WebSocket through, a page works all the same', async () => {
  using folder = makeTempFolder();
  await using server = await ServerProcess.start({
    cwd: folder.path,
    env: { WS_PAGE_FOLDER: PAGE_FOLDER },
    program: DEMO,
  });
  await using proxy = await startBlockingProxy(server.url);
  const browser = await launchBrowser();
  try {
    const page = new DemoPage(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await page.go(`${proxy.url}/?user=blocked`);
    expect(proxy.upgrades).toBeGreaterThan(0);
    await page.showLog();
    await page.ask('Where is the manager factory defined?');
    await page.runs('running').waitFor();
    proxy.cut();
    await page.runs('completed').waitFor();
    const rows = await page.rows();
    expectNoGap(rows);
    expectWholeRun(rows, await page.runId());
    expect(proxy.requests.some((line) => line.startsWith('POST /v1/frames'))).toBe(true);
    expect(proxy.requests.some((line) => line.startsWith('GET /v1/events'))).toBe(true);
    // What is complained about is what is blocked and what was cut, and nothing else.
    expect(page.complaints.filter((text) => !EXPECTED.some((pattern) => pattern.test(text)))).toEqual([]);
  } finally {
    await browser.close();
  }
});
