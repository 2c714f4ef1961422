import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { CHROMIUM, isSkipped, PAGE_FOLDER, ROOT } from './places.ts';

/** Builds the page once for all files, from the sources as they are, into a folder that only these tests use. */
export default async function buildPage(): Promise<void> {
  if (isSkipped) {
    console.warn('CHROMIUM_PATH is not set, so the tests of the page cannot run in a browser and are skipped.');
    return;
  }
  if (CHROMIUM === undefined) throw new Error('CHROMIUM_PATH is not set: tests of the page need a Chromium');
  const demo = resolve(ROOT, 'apps/demo');
  const vite = resolve(demo, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--outDir', PAGE_FOLDER, '--emptyOutDir', '--logLevel', 'warn'];
  // As it is delivered: the NODE_ENV of a test run would make it a development build.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, args, { cwd: demo, env });
}
