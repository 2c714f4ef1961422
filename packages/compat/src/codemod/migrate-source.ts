import { mayHoldUses } from './find-uses.ts';
import type { LegacySources } from '../legacy-sources.ts';
import { marksIn, type Mark } from './marks.ts';
import { rewriteCalls } from './rewrite-calls.ts';
import { rewriteNames } from './rewrite-names.ts';

/** A file after its migration. */
export interface MigratedSource {
  readonly text: string;
  /** What has to be done by hand. */
  readonly marks: readonly Mark[];
}

/**
 * Rewrites the legacy uses of a source file to canonical ones; what can't be is marked by a comment. A file that was migrated
 * before stays as it is.
 *
 * @throws SourceSyntaxError
 */
export function migrateSource(file: string, text: string, sources: LegacySources): MigratedSource {
  if (!mayHoldUses(text, sources)) return { text, marks: [] };
  const migrated = withLineEnds(text, rewriteNames(file, rewriteCalls(file, text, sources), sources));
  return { text: migrated, marks: marksIn(migrated) };
}

/** New lines end as those of the file do, where all of them end in one way. */
function withLineEnds(before: string, after: string): string {
  return /(?<!\r)\n/.test(before) ? after : after.replaceAll(/\r?\n/g, '\r\n');
}
