import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../../..');
export const PAGE_FOLDER = resolve(ROOT, 'test-results/page');
export const INSPECTOR_FOLDER = resolve(ROOT, 'test-results/inspector');
export const EXAMPLE_FOLDER = resolve(ROOT, 'test-results/example-react');
export const EXPRESS_FOLDER = resolve(ROOT, 'test-results/example-express');
export const SCREENSHOTS = resolve(ROOT, 'test-results/screenshots');

/** The browser to use; `scripts/test.mjs` finds or installs one. */
export const CHROMIUM: string | undefined = process.env['CHROMIUM_PATH'] || undefined;

/** Without a browser the tests are skipped, but never where everything has to be tested. */
export const isSkipped = CHROMIUM === undefined && process.env['CI'] !== 'true';
