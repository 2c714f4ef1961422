import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { completed, executing, note, started, thinking, toolDone } from '../../apps/server/test/support/events.ts';
import { mustPublish, tokenFor } from '../../apps/server/test/support/http.ts';
import { Peer } from '../../apps/server/test/support/peer.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { launchBrowser } from './support/browser.ts';
import { InspectorPage } from './support/inspector-page.ts';
import { INSPECTOR_FOLDER, isSkipped } from './support/places.ts';

describe.skipIf(isSkipped)('the inspector', () => {
  let folder: TempFolder;
  let server: ServerProcess;
  let browser: Browser;
  let page: InspectorPage;
  beforeAll(async () => {
    folder = makeTempFolder();
    server = await ServerProcess.start({ cwd: folder.path, env: { WS_INSPECTOR_FOLDER: INSPECTOR_FOLDER } });
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page = new InspectorPage(await context.newPage());
    await page.page.goto(`${server.url}/inspector`);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await page.shoot(`failed-inspector-${task.name.slice(0, 30)}`);
    await page.page.context().close();
  });
  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const connect = async (user: string): Promise<Peer> =>
    Peer.ready(server.url, { token: await tokenFor(server.url, user) });

  it('lets nobody in without a good key, keeps it for the tab, and forgets it when told', async () => {
    await page.enter('wrong');
    await page.the('key-problem').filter({ hasText: 'not known here' }).waitFor();
    await page.shoot('inspector-key');
    await page.enter('dev-key');
    await page.the('connections').waitFor();
    await page.page.reload();
    await page.the('connections').waitFor();
    // Not in what outlives the tab, and not in the address.
    expect(await page.page.evaluate(() => JSON.stringify(localStorage))).not.toContain('dev-key');
    expect(page.page.url()).not.toContain('dev-key');
    await page.the('leave').click();
    await page.the('key-input').waitFor();
    await page.page.reload();
    await page.the('key-input').waitFor();
    expect(page.complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });

  it('shows who is connected, what runs, and figures that move', async () => {
    const peers = await Promise.all(['alice', 'alice', 'bob'].map(connect));
    await mustPublish(server.url, 'alice', [started('r1', 't1'), executing('r1', 'c1')]);
    await page.enter('dev-key');
    const rows = page.the('connection-row');
    await expect.poll(() => rows.count()).toBe(3);
    expect(await page.the('tile-connections').textContent()).toContain('3');
    const run = page.the('stream-row').filter({ hasText: 'alice' });
    expect(await run.textContent()).toMatch(/analyst for .*in count/);
    await page.shoot('inspector-node');
    // What changes on the server changes here, without a reload.
    await peers[2]?.close();
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(2);
    await mustPublish(server.url, 'alice', [toolDone('r1', 'c1'), completed('r1')]);
    await Promise.all(peers.slice(0, 2).map((peer) => peer.close()));
    expect(page.complaints).toEqual([]);
  });

  it('replays a stream: plays, steps, jumps, follows, and hands it out as JSON Lines', async () => {
    const events = [
      started('r2', 't1'),
      thinking('r2', 'First this, '),
      thinking('r2', 'then that.'),
      executing('r2', 'c2'),
      toolDone('r2', 'c2'),
      completed('r2'),
    ];
    for (const event of events) await mustPublish(server.url, 'carol', [event]);
    await page.enter('dev-key');
    await page.openUser('carol');
    const run = page.the('run-panel');
    // It begins with what is the case now.
    await page.page.locator('[data-testid="run-panel"][data-status="completed"]').waitFor();
    expect(await page.shown()).toEqual([6, 6]);
    await page.shoot('inspector-stream');

    // A click on the third event: as it was then.
    await page.page.locator('[data-testid="event-row"][data-offset="3"]').click();
    await page.page.locator('[data-testid="run-panel"][data-status="running"]').waitFor();
    expect(await run.textContent()).toContain('First this, then that.');
    expect(await run.textContent()).not.toContain('count');
    // One step with the keys.
    await page.the('scrubber').press('ArrowRight');
    expect(await page.shown()).toEqual([4, 6]);
    expect(await run.textContent()).toContain('count');
    // The beginning, then play to the end.
    await page.the('scrubber').press('Home');
    await page.the('speed-1').click();
    await page.the('play').click();
    await expect.poll(() => page.shown()).toEqual([6, 6]);
    expect(await page.the('play').getAttribute('data-playing')).toBe('false');

    const { name, lines } = await page.exported();
    expect(name).toBe('carol-1-6.jsonl');
    expect(lines.map(({ offset, type }) => [offset, type])).toEqual(events.map(({ type }, n) => [n + 1, type]));
    expect(lines[2]).toMatchObject({ run_id: 'r2', payload: { delta: 'then that.' } });

    // What comes now is followed.
    await mustPublish(server.url, 'carol', [note(1)]);
    await expect.poll(() => page.shown(), { timeout: 10_000 }).toEqual([7, 7]);
    // The buttons of the browser lead back.
    await page.page.goBack();
    await page.the('connections').waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('shows the whole of a stream whose pages are short because its events are large', async () => {
    const large = { type: 'app.file', payload: { text: 'x'.repeat(700_000) } };
    for (let n = 0; n < 4; n += 1) await mustPublish(server.url, 'dora', [large]);
    await page.enter('dev-key');
    await page.openUser('dora');
    await expect.poll(() => page.shown(), { timeout: 10_000 }).toEqual([4, 4]);
    expect(page.complaints).toEqual([]);
  });

  it('works in the dark and on a narrow screen, and says when a user has nothing', async () => {
    await page.page.emulateMedia({ colorScheme: 'dark' });
    await page.page.setViewportSize({ width: 420, height: 860 });
    await page.enter('dev-key');
    await page.the('connections').waitFor();
    const overflow = await page.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.shoot('inspector-narrow');
    await page.openUser('nobody');
    await page.the('empty').waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('is a page under a strict policy, that no other page may frame', async () => {
    const response = await fetch(`${server.url}/inspector/`);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });
});

it.skipIf(isSkipped)(
  'says in a sentence that the server is away, and takes it back when it answers again',
  async () => {
    using folder = makeTempFolder();
    const start = async (port = '0'): Promise<ServerProcess> => {
      // The same stream after the start: nothing new to read tells that the server is back.
      const env = { WS_INSPECTOR_FOLDER: INSPECTOR_FOLDER, WS_PORT: port, WS_LOG_URL: 'sqlite:events.db' };
      return ServerProcess.start({ cwd: folder.path, env });
    };
    await using first = await start();
    await using browser = await launchBrowser();
    const [inside, outside] = [new InspectorPage(await browser.newPage()), new InspectorPage(await browser.newPage())];
    await mustPublish(first.url, 'alice', [note(1)]);
    for (const page of [inside, outside]) await page.page.goto(`${first.url}/inspector`);
    await inside.enter('dev-key');
    await inside.openUser('alice');
    await expect.poll(() => inside.shown()).toEqual([1, 1]);
    first.kill('SIGKILL');
    await first.ended();

    const away = 'The server does not answer.';
    await inside.the('problem').filter({ hasText: away }).waitFor();
    await inside.the('stream-problem').filter({ hasText: away }).waitFor();
    await inside.shoot('inspector-away');
    await outside.enter('dev-key');
    await outside.the('key-problem').filter({ hasText: away }).waitFor();
    const texts = await Promise.all([inside, outside].map(({ page }) => page.locator('body').innerText()));
    expect(texts.join()).not.toMatch(/Failed to fetch|TypeError|NetworkError/);

    await using _again = await start(first.port);
    await inside.the('problem').waitFor({ state: 'detached' });
    await inside.the('stream-problem').waitFor({ state: 'detached' });
    expect(await inside.shown()).toEqual([1, 1]);
    await outside.enter('dev-key');
    await outside.the('connections').waitFor();
  },
);

it('WS_INSPECTOR=off serves none', async () => {
  using folder = makeTempFolder();
  const env = { WS_INSPECTOR: 'off', WS_INSPECTOR_FOLDER: INSPECTOR_FOLDER };
  await using server = await ServerProcess.start({ cwd: folder.path, env });
  expect((await fetch(`${server.url}/inspector/`)).status).toBe(404);
});
