import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { CHROMIUM, EXAMPLE_FOLDER, EXPRESS_FOLDER, INSPECTOR_FOLDER, isSkipped, PAGE_FOLDER, ROOT } from './places.ts';

/** Builds the pages once for all files, from the sources as they are, into folders that only these tests use. */
export default async function buildPages(): Promise<void> {
  if (isSkipped) {
    console.warn('CHROMIUM_PATH is not set, so the tests of the pages cannot run in a browser and are skipped.');
    return;
  }
  if (CHROMIUM === undefined) throw new Error('CHROMIUM_PATH is not set: tests of the pages need a Chromium');
  await Promise.all([
    build('apps/demo', PAGE_FOLDER),
    build('apps/inspector', INSPECTOR_FOLDER),
    build('examples/react', EXAMPLE_FOLDER),
    build('examples/express-cookies', EXPRESS_FOLDER, 'page'),
  ]);
}

/** @param root - folder of the page inside its package */
async function build(page: string, folder: string, root = '.'): Promise<void> {
  const cwd = resolve(ROOT, page);
  const vite = resolve(cwd, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', root, '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  // As it is delivered: the NODE_ENV of a test run would make it a development build.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, args, { cwd, env });
}
