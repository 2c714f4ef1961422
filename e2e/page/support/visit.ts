import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { DEMO, ServerProcess } from '../../../apps/server/test/support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../../../apps/server/test/support/temp-folder.ts';
import { launchBrowser } from './browser.ts';
import { DemoPage } from './demo-page.ts';
import { PAGE_FOLDER } from './places.ts';

export interface Visits {
  readonly url: string;
  /** A window of a browser of its own, with nothing kept from before. */
  open(user: string): Promise<DemoPage>;
  /** Another tab of the same browser, at the same address. */
  openBeside(page: DemoPage): Promise<DemoPage>;
}

/** A server with the page, and a browser to look at it, for the tests of a file. Checks after each that no page complained. */
export function useVisits(): Visits {
  let folder: TempFolder | undefined;
  let server: ServerProcess | undefined;
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  let pages: DemoPage[] = [];

  beforeAll(async () => {
    folder = makeTempFolder();
    // In this order, so that what has started is stopped should the next not start.
    server = await ServerProcess.start({
      cwd: folder.path,
      env: { WS_PAGE_FOLDER: PAGE_FOLDER },
      program: DEMO,
    });
    browser = await launchBrowser();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      await Promise.all(pages.map(async (page, n) => page.shoot(`failed-${task.name.slice(0, 30)}-${n}`)));
    }
    const complaints = pages.flatMap((page) => page.complaints);
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    pages = [];
    expect(complaints).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  const visit = async (context: BrowserContext, address: string): Promise<DemoPage> => {
    const page = new DemoPage(await context.newPage());
    pages.push(page);
    await page.go(address);
    return page;
  };

  return {
    get url() {
      return server?.url ?? '';
    },
    async open(user) {
      if (browser === undefined) throw new Error('the browser runs inside of tests only');
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
      contexts.push(context);
      return visit(context, `${this.url}/?user=${user}`);
    },
    async openBeside(page) {
      return visit(page.page.context(), page.page.url());
    },
  };
}
