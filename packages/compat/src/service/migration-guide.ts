import { noteUse } from '../deprecated-use.ts';
import { DEPRECATIONS } from '../deprecations.ts';

/** @deprecated WSDEP056: use `DEPRECATIONS.md` and `docs/migration.md`. Removed in 2.0.0. */
export const MIGRATION_GUIDE: Readonly<Record<string, string>> = Object.freeze(
  Object.fromEntries(DEPRECATIONS.map(({ name, replacement }) => [name, replacement])),
);

/**
 * What to use instead of each legacy name.
 * @deprecated WSDEP055: use `DEPRECATIONS.md` and `docs/migration.md`. Removed in 2.0.0.
 */
export function getMigrationGuide(): Readonly<Record<string, string>> {
  noteUse('getMigrationGuide', getMigrationGuide);
  return MIGRATION_GUIDE;
}

/**
 * The import that takes the place of each legacy one, where a rename is all that is needed.
 * @deprecated WSDEP054: use `DEPRECATIONS.md` and `docs/migration.md`. Removed in 2.0.0.
 */
export function getCanonicalImportGuide(): Readonly<Record<string, string>> {
  noteUse('getCanonicalImportGuide', getCanonicalImportGuide);
  return Object.fromEntries(
    DEPRECATIONS.flatMap(({ name, canonical }) =>
      canonical === undefined ? [] : [[name, `import { ${canonical.name} } from '${canonical.from}';`]],
    ),
  );
}
