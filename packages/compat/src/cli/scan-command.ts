import { findUses, type LegacyUse } from '../codemod/find-uses.ts';
import { LegacySources } from '../legacy-sources.ts';
import { eachFile } from './each-file.ts';
import { EXIT, type ExitCode, type Output } from './output.ts';

/** Settings of a scan. */
export interface ScanOptions {
  /** Legacy uses are a failure. */
  readonly strict: boolean;
  /** One JSON array instead of lines. */
  readonly json: boolean;
  /** Other packages or paths that the first system is imported from. */
  readonly from: readonly string[];
}

/** Lists the legacy uses of the source files at the paths. */
export function scanCommand(paths: readonly string[], options: ScanOptions, output: Output): ExitCode {
  const sources = new LegacySources(options.from);
  const uses: LegacyUse[] = [];
  const { files, failed } = eachFile(paths, output, (file, text) => uses.push(...findUses(file, text, sources)));
  if (options.json) {
    output.out(JSON.stringify(uses, null, 2));
  } else {
    for (const use of uses) output.out(lineOf(use));
    const found = new Set(uses.map(({ file }) => file)).size;
    output.out(
      `${counted(uses.length, 'legacy use')} in ${counted(found, 'file')}, ${counted(files, 'file')} looked at`,
    );
  }
  if (failed > 0) return EXIT.FAILED;
  return options.strict && uses.length > 0 ? EXIT.LEFT : EXIT.OK;
}

function lineOf({ file, line, column, code, name, advice }: LegacyUse): string {
  return `${file}:${line}:${column} ${code === undefined ? '' : `${code} `}${name}: ${advice.replaceAll('`', '')}`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
