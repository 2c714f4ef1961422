import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What is read of a V8 CPU profile. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 25;
/** Not work of the server. */
const PASSED_OVER: ReadonlySet<string> = new Set(['(idle)', '(root)']);

/** Prints the functions in which a server spent most of its time, callees left out. */
export function printTopFunctions(folder: string): void {
  for (const path of globSync(`${folder}/*.cpuprofile`)) {
    // Written by Node in the format of V8.
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
    const names = new Map<number, string>();
    for (const { id, callFrame } of nodes) {
      const { functionName, url, lineNumber } = callFrame;
      const place = url === '' ? '' : ` ${basename(url)}:${lineNumber + 1}`;
      names.set(id, `${functionName || '(anonymous)'}${place}`);
    }
    const spent = new Map<string, number>();
    let total = 0;
    // The first half is start and warm-up.
    for (let i = samples.length >> 1; i < samples.length; i += 1) {
      const name = names.get(samples[i] ?? 0) ?? '';
      const micros = timeDeltas[i] ?? 0;
      if (PASSED_OVER.has(name)) continue;
      spent.set(name, (spent.get(name) ?? 0) + micros);
      total += micros;
    }
    const top = [...spent].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
    console.log(
      `${path}\n${top.map(([name, micros]) => `  ${((100 * micros) / total).toFixed(1).padStart(5)} %  ${name}`).join('\n')}`,
    );
  }
}
