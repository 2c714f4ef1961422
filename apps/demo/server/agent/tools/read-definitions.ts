import { findDefinitions, SOURCE_GLOB, type Definition } from '../symbols/index.ts';
import type { Selection, SkipLog } from '../workspace/index.ts';
import type { ToolContext } from './tool.ts';

const MAX_DEFINITIONS = 100_000;

/** Everything that the source files of a selection define. */
export async function readDefinitions(
  selection: Selection,
  { workspace, signal }: ToolContext,
  skipped: SkipLog,
): Promise<{ files: number; definitions: Definition[] }> {
  const definitions: Definition[] = [];
  let files = 0;
  for await (const { path, text } of workspace.texts(
    { ...selection, glob: selection.glob ?? SOURCE_GLOB },
    signal,
    skipped,
  )) {
    files += 1;
    const found = await findDefinitions(path, text);
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
