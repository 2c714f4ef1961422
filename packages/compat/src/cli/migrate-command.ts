import { writeFileSync } from 'node:fs';
import { createTwoFilesPatch } from 'diff';
import { LegacySources } from '../legacy-sources.ts';
import { migrateSource } from '../codemod/migrate-source.ts';
import { eachFile } from './each-file.ts';
import { EXIT, type ExitCode, type Output } from './output.ts';
import { counted } from './scan-command.ts';

/** Settings of a migration. */
export interface MigrateOptions {
  /** Print the changes and write nothing. */
  readonly dryRun: boolean;
  /** Other packages or paths that the first system is imported from. */
  readonly from: readonly string[];
}

/** Rewrites the legacy uses of the source files at the paths, and prints what it changes. */
export function migrateCommand(paths: readonly string[], { dryRun, from }: MigrateOptions, output: Output): ExitCode {
  const sources = new LegacySources(from);
  const left: string[] = [];
  let changed = 0;
  const { files, failed } = eachFile(paths, output, (file, text) => {
    const migrated = migrateSource(file, text, sources);
    for (const mark of migrated.marks) left.push(`${file}:${mark.line} ${mark.text}`);
    if (migrated.text === text) return;
    changed += 1;
    output.out(createTwoFilesPatch(file, file, text, migrated.text, undefined, undefined, { context: 3 }).trimEnd());
    if (!dryRun) writeFileSync(file, migrated.text);
  });
  if (left.length > 0) output.out(`\nLeft for hands, each below a comment "// ws-compat:":\n${left.join('\n')}`);
  const verb = dryRun ? 'would change' : 'changed';
  output.out(`\n${verb} ${counted(changed, 'file')} of ${files}, ${counted(left.length, 'use')} left for hands`);
  if (failed > 0) return EXIT.FAILED;
  return left.length > 0 ? EXIT.LEFT : EXIT.OK;
}
