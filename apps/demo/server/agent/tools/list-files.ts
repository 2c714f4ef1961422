import * as v from 'valibot';
import { SkipLog } from '../workspace/index.ts';
import { limitEntry, selectionEntries } from './selection-schema.ts';
import { defineTool } from './tool.ts';

const MAX_FOLDERS = 40;

/** Lists files and counts them by folder. */
export const listFiles = defineTool({
  name: 'list_files',
  description:
    'Lists the files of the workspace, or of a part of it, with their sizes and how many there are in each folder.',
  schema: v.strictObject({ ...selectionEntries, limit: limitEntry(200, 500) }),
  async run({ limit, ...selection }, { workspace, signal }) {
    const skipped = new SkipLog();
    const files: { path: string; bytes: number }[] = [];
    const folders = new Map<string, number>();
    const depth =
      selection.under === undefined ? 1 : selection.under.split('/').filter((part) => part !== '').length + 1;
    let total = 0;
    for await (const { path, bytes } of workspace.files(selection, signal, skipped)) {
      total += 1;
      if (files.length < limit) files.push({ path, bytes });
      const parents = path.split('/').slice(0, -1);
      const folder = parents.slice(0, depth).join('/') || '.';
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    return {
      total,
      files,
      folders: [...folders].slice(0, MAX_FOLDERS).map(([path, count]) => ({ path, files: count })),
      truncated: files.length < total || skipped.incomplete,
      skipped: skipped.report(),
    };
  },
});
