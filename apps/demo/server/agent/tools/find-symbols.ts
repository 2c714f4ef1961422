import * as v from 'valibot';
import { rankDefinitions, SYMBOL_KINDS } from '../symbols/index.ts';
import { SkipLog } from '../workspace/index.ts';
import { readDefinitions } from './read-definitions.ts';
import { limitEntry, selectionEntries } from './selection-schema.ts';
import { defineTool } from './tool.ts';

const MAX_DOC_LENGTH = 300;

/** Finds definitions by name or by what their comments say. */
export const findSymbols = defineTool({
  name: 'find_symbols',
  description:
    'Finds where functions, classes, interfaces, types, constants and methods are defined. Takes a name or plain words such as ' +
    '"connection limit": they are compared with names, comments and paths. Without a query it lists all, by path.',
  schema: v.strictObject({
    query: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description('Name or words'))),
    kind: v.exactOptional(v.pipe(v.picklist(SYMBOL_KINDS), v.description('Only definitions of this kind'))),
    ...selectionEntries,
    limit: limitEntry(10, 100),
  }),
  async run({ query, kind, limit, ...selection }, context) {
    const skipped = new SkipLog();
    const { files, definitions } = await readDefinitions(selection, context, skipped);
    const ofKind = kind === undefined ? definitions : definitions.filter((definition) => definition.kind === kind);
    const ranked =
      query === undefined ? ofKind.map((definition) => ({ definition, score: 0 })) : rankDefinitions(query, ofKind);
    return {
      files_searched: files,
      symbols_searched: ofKind.length,
      found: ranked.length,
      matches: ranked.slice(0, limit).map(({ definition, score }) => ({
        name: definition.name,
        kind: definition.kind,
        path: definition.path,
        line: definition.line,
        exported: definition.exported,
        signature: definition.signature,
        doc: definition.doc.slice(0, MAX_DOC_LENGTH),
        score: Math.round(score * 100) / 100,
      })),
      truncated: ranked.length > limit || skipped.incomplete,
      skipped: skipped.report(),
    };
  },
});
