import type MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import type { CanonicalName } from '../deprecations.ts';
import { quoted } from './import-text.ts';
import type { LegacyImport } from './legacy-imports.ts';
import type { LegacyExport, LegacySources } from '../legacy-sources.ts';
import type { Marks } from './marks.ts';
import { awaitOf, needsAwait, type NamePlanner } from './name-plan.ts';
import { referencesTo } from './references.ts';
import { staticName, stringValue, type PlacedNode, type SourceTree } from './source-tree.ts';

/** A use of a member of the whole module. */
interface MemberUse {
  readonly member: PlacedNode;
  readonly property: Node;
  readonly found: LegacyExport | undefined;
  readonly canonical: CanonicalName | undefined;
}

/**
 * Rewrites `import * as all` and `const all = require()` where all that is used of the module is in one canonical package. Else
 * the import is marked, for its names have to be imported one by one.
 */
export function rewriteNamespace(
  tree: SourceTree,
  legacy: LegacyImport,
  planner: NamePlanner,
  sources: LegacySources,
  edits: MagicString,
  marks: Marks,
): void {
  const uses = referencesTo(tree, legacy.namespace ?? '')
    .filter(({ node }) => node.start < legacy.place.node.start || node.end > legacy.place.node.end)
    .map((reference) => memberUse(reference, legacy, planner, sources));
  const packages = new Set(uses.map((use) => use?.canonical?.from));
  const [only] = packages;
  if (packages.size !== 1 || only === undefined || uses.some((use) => use === undefined || isStuck(use))) {
    marks.add(
      legacy.place,
      `${stringValue(legacy.source)}: import the names that are needed, one by one, to move them`,
    );
    return;
  }
  edits.overwrite(legacy.source.start, legacy.source.end, quoted(tree, legacy, only));
  for (const use of uses) {
    if (use?.canonical === undefined) continue;
    edits.overwrite(use.property.start, use.property.end, use.canonical.name);
    const awaited = needsAwait(use.found) ? awaitOf(use.member) : undefined;
    if (awaited?.node.type === 'AwaitExpression') edits.remove(awaited.node.start, awaited.node.argument.start);
  }
}

function memberUse(
  { node, parents }: PlacedNode,
  { module }: LegacyImport,
  planner: NamePlanner,
  sources: LegacySources,
): MemberUse | undefined {
  const parent = parents.at(-1);
  const property =
    parent?.type === 'MemberExpression' && parent.object === node && !parent.computed
      ? parent.property
      : parent?.type === 'TSQualifiedName' && parent.left === node
        ? parent.right
        : undefined;
  const name = property === undefined ? undefined : staticName(property, false);
  if (parent === undefined || property === undefined || name === undefined) return undefined;
  const found = sources.exportOf(module, name);
  return {
    member: { node: parent, parents: parents.slice(0, -1) },
    property,
    found,
    canonical: planner.canonicalOf(found),
  };
}

function isStuck({ member, found }: MemberUse): boolean {
  return needsAwait(found) && awaitOf(member) === undefined;
}
