/// <reference lib="dom" />
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves a built page to a browser of its own and returns what it shows, once it shows an answer. */
export async function visitPage(
  browserPath: string,
  folder: string,
  serverUrl: string,
): Promise<{ readonly answer: string; readonly tools: string; readonly complaints: readonly string[] }> {
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
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${port}/?server=${encodeURIComponent(serverUrl)}`);
    const line = page.locator('#answer[data-tools]');
    await line.waitFor({ state: 'attached', timeout: 20_000 });
    return {
      answer: (await line.textContent()) ?? '',
      tools: (await line.getAttribute('data-tools')) ?? '',
      complaints,
    };
  } finally {
    await browser.close();
    files.close();
  }
}
