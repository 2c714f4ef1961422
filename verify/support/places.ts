import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** The built server and the built client, from the root of a workspace. */
export const SERVER = 'apps/server/dist/main.js';
export const CLIENT = 'packages/client/dist/index.js';

/** The service with the demo agent, from its sources. */
export const DEMO = resolve(ROOT, 'apps/demo/server/main.ts');

/** A folder whose packages are those of the workspace, as they are built. */
export const VERIFY = resolve(ROOT, 'verify');

/** A folder of its own for as long as it is used. */
export function makeTempFolder(): Disposable & { readonly path: string } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'ws-verify-')));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
