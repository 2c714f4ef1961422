import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone when its holder is disposed of. */
export interface TempFolder extends Disposable {
  readonly path: string;
}

export function makeTempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'ws-server-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
