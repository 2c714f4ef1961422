import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { median } from '../speed/statistics.ts';

/** What importing a module takes in a fresh process. */
export interface ImportCost {
  /** Milliseconds, the middle of several processes. */
  readonly ms: number;
  /** Modules loaded that are not part of Node. */
  readonly modules: number;
  /** Bytes of their source. */
  readonly bytes: number;
}

const ROUNDS = 7;

/** Counts with a hook of the module loader, and times in other processes, without the hook. */
export function importCost(path: string): ImportCost {
  const url = JSON.stringify(pathToFileURL(path).href);
  const count = `
    import { registerHooks } from 'node:module';
    let modules = 0, bytes = 0;
    registerHooks({ load(url, context, next) {
      const loaded = next(url, context);
      if (url.startsWith('file:') && loaded.source) { modules += 1; bytes += Buffer.byteLength(loaded.source); }
      return loaded;
    } });
    await import(${url});
    console.log(JSON.stringify([modules, bytes]));`;
  const time = `
    const startedAt = performance.now();
    await import(${url});
    console.log(performance.now() - startedAt);`;
  // Printed by the line above.
  const [modules, bytes] = JSON.parse(run(count)) as [number, number];
  return { modules, bytes, ms: median(Array.from({ length: ROUNDS }, () => Number(run(time)))) };
}

function run(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
}
