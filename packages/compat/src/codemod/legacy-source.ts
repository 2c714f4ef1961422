import { deprecationOf, LEGACY_MODULES, MOVED_NAMES, type CanonicalName, type Deprecation } from '../deprecations.ts';

/** What a name of a legacy module is: a legacy name, or a canonical one in a legacy place. */
export type LegacyExport =
  | { readonly kind: 'legacy'; readonly entry: Deprecation }
  | { readonly kind: 'moved'; readonly canonical: CanonicalName };

/** Packages that are taken for the first system, and the modules in them. */
export class LegacySources {
  readonly #roots: readonly string[];

  /** @param roots - the package itself, and whatever else a code base imports the first system from */
  constructor(roots: readonly string[] = []) {
    this.#roots = ['@ws/compat', ...roots];
  }

  /** Whether a text can have anything to do with them: asked before it is parsed. */
  mayBeIn(text: string): boolean {
    return this.#roots.some((root) => text.includes(root));
  }

  /** The legacy module that an import leads to. */
  moduleOf(source: string | undefined): string | undefined {
    if (source === undefined) return undefined;
    for (const root of this.#roots) {
      if (source === root) return '.';
      if (!source.startsWith(`${root}/`)) continue;
      const module = source.slice(root.length + 1).replace(/\.[cm]?[jt]s$/, '');
      if ((LEGACY_MODULES as readonly string[]).includes(module)) return module;
    }
    return undefined;
  }

  /** What a module exports under a name. Names of the package that are no legacy are `undefined`. */
  exportOf(module: string, name: string): LegacyExport | undefined {
    const isThere = ({ modules }: { readonly modules: readonly string[] }): boolean => modules.includes(module);
    const moved = MOVED_NAMES.find((candidate) => candidate.name === name && isThere(candidate));
    if (moved !== undefined) return { kind: 'moved', canonical: moved };
    const entry = deprecationOf(name);
    return entry !== undefined && entry.kind !== 'method' && entry.kind !== 'private'
      ? { kind: 'legacy', entry }
      : undefined;
  }
}
