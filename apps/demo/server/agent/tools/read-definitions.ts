import { hash } from 'node:crypto';
import { findDefinitions, SOURCE_GLOB, type Definition } from '../symbols/index.ts';
import type { Selection, SkipLog, Workspace } from '../workspace/index.ts';
import type { ToolContext } from './tool.ts';

const MAX_DEFINITIONS = 100_000;

interface KnownFile {
  readonly digest: string;
  readonly definitions: readonly Definition[] | undefined;
}

/** What files define that were parsed before: to parse a whole repository takes seconds, to read it a tenth of that. */
const knownFiles = new WeakMap<Workspace, Map<string, KnownFile>>();

/** Everything that the source files of a selection define. */
export async function readDefinitions(
  selection: Selection,
  { workspace, signal }: ToolContext,
  skipped: SkipLog,
): Promise<{ files: number; definitions: Definition[] }> {
  const definitions: Definition[] = [];
  const known = knownFiles.get(workspace) ?? new Map<string, KnownFile>();
  knownFiles.set(workspace, known);
  let files = 0;
  for await (const { path, text } of workspace.texts(
    { ...selection, glob: selection.glob ?? SOURCE_GLOB },
    signal,
    skipped,
  )) {
    files += 1;
    const found = await definitionsOf(path, text, known);
    if (found === undefined) skipped.add('unparsable', path);
    for (const definition of found ?? []) {
      if (definitions.length === MAX_DEFINITIONS) {
        skipped.add('over the limit of one search', path);
        return { files, definitions };
      }
      definitions.push(definition);
    }
  }
  return { files, definitions };
}

async function definitionsOf(
  path: string,
  text: string,
  known: Map<string, KnownFile>,
): Promise<readonly Definition[] | undefined> {
  const digest = hash('sha256', text);
  const before = known.get(path);
  if (before?.digest === digest) return before.definitions;
  const definitions = await findDefinitions(path, text);
  known.set(path, { digest, definitions });
  return definitions;
}
