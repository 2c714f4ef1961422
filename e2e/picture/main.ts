// `pnpm demo:picture`: drives the demo in Chromium and writes docs/demo.webp, the moving picture of the README. Two tabs stand side by
// side. The run goes through a second tab, a reload and a `kill -9` of the server.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { buildPages } from '../../scripts/build-pages.mjs';
import { provideTools, tools } from '../../scripts/tools.mjs';
import { freePort } from '../../packages/test-support/src/index.ts';
import { launchBrowser } from '../page/support/browser.ts';
import { DemoPage } from '../page/support/demo-page.ts';
import { ROOT } from '../page/support/places.ts';
import { MovingPicture } from './moving-picture.ts';

const PICTURE = resolve(ROOT, 'docs/demo.webp');
const VIEW = { width: 600, height: 640 };

const folder = mkdtempSync(join(tmpdir(), 'ws-picture-'));
const port = String(await freePort());
let server: ChildProcess | undefined;
let browser: Browser | undefined;
try {
  const { env, missing } = await provideTools(tools.filter(({ name }) => name === 'Chromium'));
  if (missing.length > 0) throw new Error(missing.join('\n'));
  if ((await buildPages()) !== 0) throw new Error('the demo page could not be built');
  server = await startDemo();
  browser = await launchBrowser(env['CHROMIUM_PATH'] ?? process.env['CHROMIUM_PATH']);
  const picture = await film(browser);
  await picture.write(PICTURE);
} finally {
  await browser?.close();
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

async function film(browser: Browser): Promise<MovingPicture> {
  const context = await browser.newContext({ viewport: VIEW, colorScheme: 'light' });
  const first = new DemoPage(await context.newPage());
  await first.go(`http://127.0.0.1:${port}/?user=demo&thread=t1`);
  const picture = new MovingPicture(VIEW, [first.page]);
  const filming = picture.start();

  picture.caption = 'A user asks. The agent thinks and calls tools.';
  await wait(800);
  await first.ask('What is this project? Answer slowly.');
  await first.page.locator('[data-testid="answer"]:not(:empty)').waitFor();
  await wait(1_500);

  picture.caption = 'A second tab shows the same run, live.';
  const second = new DemoPage(await context.newPage());
  await second.go(first.page.url());
  picture.show(second.page);
  await wait(2_500);

  picture.caption = 'The first tab is reloaded in the middle of the run. Nothing is missing.';
  await first.reload();
  await wait(2_500);

  picture.caption = 'kill -9 of the server, in the middle of the run.';
  await kill();
  await first.page.locator('[data-testid="run-card"][data-activity="unknown"]').waitFor();
  await wait(2_500);

  picture.caption = 'The server is started again. Both tabs resume, and the run ends as interrupted.';
  server = await startDemo();
  for (const page of [first, second]) await page.live();
  for (const page of [first, second]) await page.runs('interrupted').waitFor();
  await wait(2_000);

  picture.caption = 'The next answer arrives in both tabs, each event once.';
  await second.ask('Where is the manager factory defined?');
  for (const page of [first, second]) await page.runs('completed').waitFor();
  await wait(3_000);
  picture.stop();
  await filming;
  return picture;
}

/** Starts the demo as `pnpm start` does, with a lease so short that a run of a killed server ends while the picture lasts. */
async function startDemo(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--conditions=@ws/source', 'apps/demo/server/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      WS_DEVELOPMENT: 'on',
      WS_PORT: port,
      WS_LOG_URL: `sqlite:${join(folder, 'events.db')}`,
      WS_RUN_LEASE_MS: '2000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const chunk of child.stdout) if (String(chunk).includes('listening on')) return child;
  throw new Error('the demo did not start');
}

async function kill(): Promise<void> {
  if (server === undefined) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}
