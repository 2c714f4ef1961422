/// <reference lib="dom" />
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { chromium, type Page } from 'playwright-core';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** What the page of a consumer shows, once it shows an answer. */
export function visitPage(
  browserPath: string,
  folder: string,
  serverUrl: string,
): Promise<{ readonly answer: string; readonly tools: string; readonly complaints: readonly string[] }> {
  return openPage(browserPath, folder, async (page, url) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${url}/?server=${encodeURIComponent(serverUrl)}`);
    const line = page.locator('#answer[data-tools]');
    await line.waitFor({ state: 'attached', timeout: 20_000 });
    return {
      answer: (await line.textContent()) ?? '',
      tools: (await line.getAttribute('data-tools')) ?? '',
      complaints,
    };
  });
}

/** Serves a built page and calls `visit` with a page of a browser and the address. */
export async function openPage<Result>(
  browserPath: string,
  folder: string,
  visit: (page: Page, url: string) => Promise<Result>,
): Promise<Result> {
  const files = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(folder, path === '/' ? 'index.html' : path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  files.listen(0, '127.0.0.1');
  await once(files, 'listening');
  const { port } = files.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    return await visit(await browser.newPage(), `http://127.0.0.1:${port}`);
  } finally {
    await browser.close();
    files.close();
  }
}
