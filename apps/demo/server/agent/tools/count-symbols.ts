import * as v from 'valibot';
import { SkipLog } from '../workspace/index.ts';
import { readDefinitions } from './read-definitions.ts';
import { selectionEntries } from './selection-schema.ts';
import { defineTool } from './tool.ts';

/** Counts definitions by kind. */
export const countSymbols = defineTool({
  name: 'count_symbols',
  description: 'Counts the functions, classes, interfaces, types, constants and methods that source files define.',
  schema: v.strictObject(selectionEntries),
  async run(selection, context) {
    const skipped = new SkipLog();
    const { files, definitions } = await readDefinitions(selection, context, skipped);
    const byKind = new Map<string, { total: number; exported: number }>();
    for (const { kind, exported } of definitions) {
      const entry = byKind.get(kind) ?? { total: 0, exported: 0 };
      byKind.set(kind, { total: entry.total + 1, exported: entry.exported + (exported ? 1 : 0) });
    }
    return {
      files,
      total: definitions.length,
      by_kind: [...byKind].map(([kind, counts]) => ({ kind, ...counts })).sort((a, b) => b.total - a.total),
      truncated: skipped.incomplete,
      skipped: skipped.report(),
    };
  },
});
