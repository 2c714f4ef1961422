import {
  DEPRECATIONS,
  deprecationOf,
  LEGACY_MODULES,
  MOVED_NAMES,
  type CanonicalName,
  type Deprecation,
} from './deprecations.ts';
import { snakeCase } from './snake-case.ts';
import { EMITTER_METHODS } from './table/emitter-methods.ts';

/** What a name of a legacy module is: a legacy name, or a canonical one in a legacy place. */
export type LegacyExport =
  | { readonly kind: 'legacy'; readonly entry: Deprecation }
  | { readonly kind: 'moved'; readonly canonical: CanonicalName };

/** Packages that are taken for the first system, and the modules in them. */
export class LegacySources {
  readonly #roots: readonly string[];

  /**
   * @param roots - what else than the package a code base imports the first system from: a package, a path as it is imported,
   *   or a folder that relative imports lead to, from wherever
   */
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
      const path = source.startsWith('.') ? fromFolder(source, root) : source;
      if (path === root) return '.';
      if (!path.startsWith(`${root}/`)) continue;
      const module = path.slice(root.length + 1).replace(/\.[cm]?[jt]s$/, '');
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

/** A relative path from the last folder of this name on. */
function fromFolder(path: string, folder: string): string {
  const start = `${path}/`.lastIndexOf(`/${folder}/`);
  return start === -1 ? path : path.slice(start + 1);
}

/** What a value is that legacy methods may be called on. */
export type ReceiverKind = 'manager' | 'emitter';

/** A legacy method, and what it is called on. */
export interface LegacyMethod {
  readonly entry: Deprecation;
  readonly receiver: ReceiverKind;
}

const METHODS: ReadonlyMap<string, LegacyMethod> = new Map(
  DEPRECATIONS.filter(({ kind }) => kind === 'method').flatMap((entry) => {
    const method: LegacyMethod = { entry, receiver: entry.name in EMITTER_METHODS ? 'emitter' : 'manager' };
    return [
      [entry.name, method],
      [snakeCase(entry.name), method],
    ];
  }),
);

/** The legacy method of a name, in either spelling. */
export function legacyMethodOf(name: string): LegacyMethod | undefined {
  return METHODS.get(name);
}

const MANAGER_FUNCTIONS: ReadonlySet<string> = new Set(['adaptManagerForLegacyCode', 'createTestFallbackManager']);
const EMITTER_MAKERS: ReadonlySet<string> = new Set([
  'UnifiedWebSocketEmitter',
  'WebSocketEventEmitter',
  'IsolatedWebSocketEventEmitter',
  'UserWebSocketEmitter',
  'createWebsocketEmitter',
  'createIsolatedEmitter',
]);

/** What a call of an imported name gives. */
export function madeBy(name: string): ReceiverKind | undefined {
  if (EMITTER_MAKERS.has(name)) return 'emitter';
  return MANAGER_FUNCTIONS.has(name) || canonicalNameOf(name) === 'getWebSocketManager' ? 'manager' : undefined;
}

/** What a value of an imported type is. */
export function typedAs(name: string): ReceiverKind | undefined {
  if (EMITTER_MAKERS.has(name)) return 'emitter';
  return name === 'LegacyManager' || canonicalNameOf(name) === 'UnifiedWebSocketManager' ? 'manager' : undefined;
}

function canonicalNameOf(name: string): string {
  return deprecationOf(name)?.canonical?.name ?? name;
}
