import type { Node } from 'oxc-parser';
import type { CanonicalName } from '../deprecations.ts';
import { declaredNames } from './bindings.ts';
import type { ImportedName } from './legacy-imports.ts';
import type { LegacyExport } from '../legacy-sources.ts';
import { referencesTo, type Reference } from './references.ts';
import { stringValue, type PlacedNode, type SourceTree } from './source-tree.ts';

const CANONICAL_PACKAGES: ReadonlySet<string> = new Set(['@ws/core', '@ws/types', '@ws/core/testing']);

/** What becomes of an imported name. */
export interface NamePlan {
  readonly canonical: CanonicalName;
  /** What the file calls it from now on. */
  readonly local: string;
  /** The file has it already: no import is needed. */
  readonly isThere: boolean;
  /** The uses that get another name. */
  readonly renamed: readonly Reference[];
  /** The `await`s that are no longer needed. */
  readonly awaits: readonly PlacedNode[];
}

/** Decides what a file calls the canonical names, so that none of them meets another one. */
export class NamePlanner {
  readonly #tree: SourceTree;
  readonly #declared: ReadonlyMap<string, number>;
  readonly #needsLegacy: boolean;
  /** Canonical names that the file has or gets, by package and name. */
  readonly #known = new Map<string, { readonly local: string; readonly isType: boolean }>();

  /** @param needsLegacy - whether a manager of the file needs its legacy methods: factories and types of it stay then */
  constructor(tree: SourceTree, needsLegacy: boolean) {
    this.#tree = tree;
    this.#declared = declaredNames(tree);
    this.#needsLegacy = needsLegacy;
    for (const { node } of tree.nodes) this.#learn(node);
  }

  /** What a name becomes, if a rename is all that is needed. */
  canonicalOf(found: LegacyExport | undefined): CanonicalName | undefined {
    if (found?.kind === 'moved') return found.canonical;
    const canonical = found?.entry.canonical;
    const isFactory = canonical?.name === 'getWebSocketManager';
    return isFactory && this.#needsLegacy ? undefined : canonical;
  }

  /** Whether a name becomes canonical once no manager of the file needs its legacy methods. */
  waits(found: LegacyExport | undefined, local: string): boolean {
    if (!this.#needsLegacy || found?.kind !== 'legacy') return false;
    const { canonical } = found.entry;
    if (canonical?.name === 'getWebSocketManager') return true;
    // As a value the class is the canonical one; as a type it has the legacy methods.
    return canonical?.name === 'UnifiedWebSocketManager' && referencesTo(this.#tree, local).some(isType);
  }

  /** The plan for a name; `undefined` if it has to stay. */
  planFor({ found, imported, local, isType }: ImportedName): NamePlan | undefined {
    const canonical = this.canonicalOf(found);
    if (canonical === undefined || this.waits(found, local)) return undefined;
    const references = referencesTo(this.#tree, local);
    const awaits = needsAwait(found) ? references.map(awaitOf) : [];
    if (awaits.includes(undefined)) return undefined;

    const key = `${canonical.from}#${canonical.name}`;
    const known = this.#known.get(key);
    const isUsable = known !== undefined && (isType || !known.isType);
    const wanted = isUsable ? known.local : canonical.name;
    const isFree = isUsable || wanted === local || !this.#declared.has(wanted);
    const isOnlyOne = this.#declared.get(local) === 1;
    const isRenamed =
      imported === local && wanted !== local && isFree && isOnlyOne && !(known !== undefined && !isUsable);
    const chosen = isRenamed ? wanted : local;
    if (known === undefined) this.#known.set(key, { local: chosen, isType });
    return {
      canonical,
      local: chosen,
      isThere: isRenamed && isUsable,
      renamed: isRenamed ? references : [],
      awaits: awaits.flatMap((place) => place ?? []),
    };
  }

  #learn(node: Node): void {
    if (node.type !== 'ImportDeclaration' || !CANONICAL_PACKAGES.has(stringValue(node.source) ?? '')) return;
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue;
      const isType = node.importKind === 'type' || specifier.importKind === 'type';
      this.#known.set(`${node.source.value}#${specifier.imported.name}`, { local: specifier.local.name, isType });
    }
  }
}

function isType({ parents }: Reference): boolean {
  const parent = parents.at(-1);
  return parent?.type === 'TSTypeReference' || parent?.type === 'TSInterfaceHeritage';
}

/** Whether a name gave a promise that its canonical form does not. */
export function needsAwait(found: LegacyExport | undefined): boolean {
  return found?.kind === 'legacy' && found.entry.call === 'drop-await';
}

/** The `await` of a call, if the reference is called and awaited at once. */
export function awaitOf({ node, parents }: PlacedNode): PlacedNode | undefined {
  const call = parents.at(-1);
  const above = parents.at(-2);
  const isAwaited = call?.type === 'CallExpression' && call.callee === node && above?.type === 'AwaitExpression';
  return isAwaited ? { node: above, parents: parents.slice(0, -2) } : undefined;
}
