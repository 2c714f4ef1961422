import type { LegacyUse } from '../codemod/find-uses.ts';
import { noteUse } from '../deprecated-use.ts';

/** What a scan of a folder found. */
export interface ImportUsage {
  /** Whether there is no legacy use. */
  readonly isCanonical: boolean;
  readonly uses: readonly LegacyUse[];
}

/** @deprecated WSDEP052: use `npx @ws/compat scan`. Removed in 2.0.0. */
export async function validateCanonicalImportUsage(path: string): Promise<ImportUsage> {
  noteUse('validateCanonicalImportUsage', validateCanonicalImportUsage);
  return importUsage(path);
}

/** @deprecated WSDEP053: use `npx @ws/compat scan`. Removed in 2.0.0. */
export async function validateImportPatternUsage(path: string): Promise<ImportUsage> {
  noteUse('validateImportPatternUsage', validateImportPatternUsage);
  return importUsage(path);
}

async function importUsage(path: string): Promise<ImportUsage> {
  // The parser is loaded by those who scan, not by everybody who imports a legacy name.
  const [{ eachFile }, { findUses }, { LegacySources }] = await Promise.all([
    import('../cli/each-file.ts'),
    import('../codemod/find-uses.ts'),
    import('../legacy-sources.ts'),
  ]);
  const sources = new LegacySources();
  const uses: LegacyUse[] = [];
  eachFile([path], { out: () => undefined, err: () => undefined }, (file, text) =>
    uses.push(...findUses(file, text, sources)),
  );
  return { isCanonical: uses.length === 0, uses };
}
