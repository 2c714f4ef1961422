import * as v from 'valibot';

/** Arguments that most tools share: which files they work on. */
export const selectionEntries = {
  under: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(1_024),
      v.description('Folder or file to stay in, relative to the workspace, e.g. packages/core/src'),
    ),
  ),
  glob: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(300),
      v.description(
        'Only files that match, e.g. *.ts or src/**/*.{test,spec}.ts; without a slash it is matched in any folder',
      ),
    ),
  ),
  exclude: v.exactOptional(
    v.pipe(v.string(), v.maxLength(300), v.description('Leave out files that match this pattern')),
  ),
};

/** How many entries a result may list. */
export function limitEntry(standard: number, most: number) {
  return v.exactOptional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most), v.description('How many entries to list')),
    standard,
  );
}
