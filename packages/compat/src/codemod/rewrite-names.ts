import MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import { DEPRECATIONS, type Deprecation } from '../deprecations.ts';
import { importText, quoted, type NameInList } from './import-text.ts';
import { legacyImports, type ImportedName, type LegacyImport } from './legacy-imports.ts';
import { LegacyReceivers } from './legacy-receivers.ts';
import { legacyMethodOf, type LegacySources } from '../legacy-sources.ts';
import { Marks } from './marks.ts';
import { methodUses } from './method-uses.ts';
import { awaitOf, NamePlanner, needsAwait, type NamePlan } from './name-plan.ts';
import { rewriteNamespace } from './rewrite-namespace.ts';
import { referencesTo, type Reference } from './references.ts';
import { parseSource, stringValue, type PlacedNode, type SourceTree } from './source-tree.ts';

/**
 * Rewrites what a file takes from legacy modules to canonical names, and marks what can't be.
 *
 * @throws SourceSyntaxError
 */
export function rewriteNames(file: string, text: string, sources: LegacySources): string {
  const tree = parseSource(file, text);
  const edits = new MagicString(text);
  const marks = new Marks(tree, edits);
  const imports = legacyImports(tree, sources);
  const uses = methodUses(tree, new LegacyReceivers(tree, imports));
  // A canonical manager has no legacy methods: while one is used, the legacy factory and the legacy type stay.
  const needsLegacy = uses.some(({ entry }) => legacyMethodOf(entry.name)?.receiver === 'manager');
  const planner = new NamePlanner(tree, needsLegacy);
  for (const { entry, place } of uses) marks.add(place, adviceText(entry));
  for (const legacy of imports) rewriteImport(tree, legacy, planner, sources, edits, marks);
  markPrivateNames(tree, marks);
  return edits.toString();
}

/** What a mark says of a legacy name. */
function adviceText({ code, name, replacement }: Deprecation): string {
  return `${code} ${name}: use ${replacement.replaceAll('`', '')}`;
}

function rewriteImport(
  tree: SourceTree,
  legacy: LegacyImport,
  planner: NamePlanner,
  sources: LegacySources,
  edits: MagicString,
  marks: Marks,
): void {
  switch (legacy.form) {
    case 'names':
      rewriteList(tree, legacy, planner, edits, marks);
      return;
    case 're-export':
      rewriteReExport(tree, legacy, planner, edits, marks);
      return;
    case 'namespace':
      rewriteNamespace(tree, legacy, planner, sources, edits, marks);
      return;
    case 'member':
    case 'type':
      rewriteMember(tree, legacy, planner, edits, marks);
      return;
    case 'other':
      marks.add(legacy.place, otherAdvice(legacy));
  }
}

function otherAdvice({ source, place }: LegacyImport): string {
  const isStatement = place.node.type.startsWith('Import') || place.node.type.startsWith('Export');
  const advice = isStatement
    ? 'import the names that are needed, one by one, to move them'
    : 'name the package that the canonical names come from';
  return `${stringValue(source)}: ${advice}`;
}

function rewriteList(
  tree: SourceTree,
  legacy: LegacyImport,
  planner: NamePlanner,
  edits: MagicString,
  marks: Marks,
): void {
  const modules = new Map<string, NameInList[]>();
  const stay: NameInList[] = [];
  const written = new Set<string>();
  for (const name of legacy.names) {
    const plan = planner.planFor(name);
    if (plan === undefined) {
      stay.push({ name: name.imported, local: name.local, isType: name.isType });
      markUses(tree, name, planner, marks);
      continue;
    }
    applyPlan(tree, plan, edits);
    const key = `${plan.canonical.from} ${plan.canonical.name} ${plan.local}`;
    if (plan.isThere || written.has(key)) continue;
    written.add(key);
    const list = modules.get(plan.canonical.from) ?? [];
    modules.set(plan.canonical.from, list);
    list.push({ name: plan.canonical.name, local: plan.local, isType: name.isType });
  }
  if (stay.length === legacy.names.length) return;
  modules.set(stringValue(legacy.source) ?? '', stay);
  const text = importText(tree, legacy, modules);
  const { node } = legacy.place;
  if (text === '') removeLine(tree, node, edits);
  else edits.overwrite(node.start, node.end, text);
}

function rewriteReExport(
  tree: SourceTree,
  legacy: LegacyImport,
  planner: NamePlanner,
  edits: MagicString,
  marks: Marks,
): void {
  const modules = new Map<string, NameInList[]>();
  const stay: NameInList[] = [];
  for (const { imported, local, isType, found } of legacy.names) {
    const canonical = needsAwait(found) ? undefined : planner.canonicalOf(found);
    if (canonical === undefined) {
      stay.push({ name: imported, local, isType });
      if (found?.kind === 'legacy') marks.add(legacy.place, adviceText(found.entry));
      continue;
    }
    modules.set(canonical.from, [...(modules.get(canonical.from) ?? []), { name: canonical.name, local, isType }]);
  }
  if (modules.size === 0) return;
  const { node } = legacy.place;
  // What stays comes first, right below its mark.
  const all = new Map([[stringValue(legacy.source) ?? '', stay], ...modules]);
  edits.overwrite(node.start, node.end, importText(tree, legacy, all));
}

/** `require('…').name` and `import('…').Name`. */
function rewriteMember(
  tree: SourceTree,
  legacy: LegacyImport,
  planner: NamePlanner,
  edits: MagicString,
  marks: Marks,
): void {
  const [name] = legacy.names;
  const canonical = planner.canonicalOf(name?.found);
  const awaited = needsAwait(name?.found) ? awaitOf(legacy.place) : undefined;
  if (name === undefined || canonical === undefined || (needsAwait(name.found) && awaited === undefined)) {
    if (name?.found?.kind === 'legacy') marks.add(legacy.place, adviceText(name.found.entry));
    return;
  }
  edits.overwrite(legacy.source.start, legacy.source.end, quoted(tree, legacy, canonical.from));
  edits.overwrite(name.node.start, name.node.end, canonical.name);
  if (awaited !== undefined) dropAwait(awaited, edits);
}

function applyPlan(tree: SourceTree, { local, renamed, awaits }: NamePlan, edits: MagicString): void {
  for (const reference of renamed) rename(tree, reference, local, edits);
  for (const place of awaits) dropAwait(place, edits);
}

function rename({ text }: SourceTree, { node, parents }: Reference, local: string, edits: MagicString): void {
  const parent = parents.at(-1);
  const isShorthand = parent?.type === 'Property' && parent.shorthand;
  const isExport = parent?.type === 'ExportSpecifier' && parent.exported.start === parent.local.start;
  const name = text.slice(node.start, node.start + node.name.length);
  const renamed = isShorthand ? `${name}: ${local}` : isExport ? `${local} as ${name}` : local;
  edits.overwrite(node.start, node.start + name.length, renamed);
}

/** Takes `await` away before what it waits for. */
function dropAwait({ node }: PlacedNode, edits: MagicString): void {
  if (node.type === 'AwaitExpression') edits.remove(node.start, node.argument.start);
}

function markUses(tree: SourceTree, { found, local }: ImportedName, planner: NamePlanner, marks: Marks): void {
  if (found?.kind !== 'legacy') return;
  const { entry } = found;
  // A factory or a type that waits for uses of legacy methods: those are marked.
  if (planner.waits(found, local)) return;
  const uses = referencesTo(tree, local).filter((reference) => !needsAwait(found) || awaitOf(reference) === undefined);
  for (const reference of uses) marks.add(reference, adviceText(entry));
}

function markPrivateNames({ nodes }: SourceTree, marks: Marks): void {
  for (const place of nodes) {
    if (place.node.type !== 'Identifier') continue;
    const { name } = place.node;
    const entry = DEPRECATIONS.find((candidate) => candidate.kind === 'private' && candidate.name === name);
    if (entry !== undefined) marks.add(place, adviceText(entry));
  }
}

function removeLine({ text }: SourceTree, { start, end }: Node, edits: MagicString): void {
  const after = /^[ \t]*\r?\n/.exec(text.slice(end))?.[0].length ?? 0;
  edits.remove(start, end + after);
}
