import { DEPRECATIONS } from '../deprecations.ts';
import { legacyImports } from './legacy-imports.ts';
import { LegacyReceivers } from './legacy-receivers.ts';
import { methodUses } from './method-uses.ts';
import type { LegacySources } from '../legacy-sources.ts';
import { parseSource, placeOf, staticName, type SourceTree } from './source-tree.ts';

/** A legacy use in a source file. */
export interface LegacyUse {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Of the table; absent for a canonical name in a legacy place, and for a module as a whole. */
  readonly code?: string;
  readonly name: string;
  /** What to do, in a sentence. */
  readonly advice: string;
}

// A manager that the core gave may be the one that legacy code of another file adapted.
const CORE = '@ws/core';
const PRIVATE = DEPRECATIONS.filter(({ kind }) => kind === 'private');

/** Whether a text can hold legacy uses: asked before it is parsed. */
export function mayHoldUses(text: string, sources: LegacySources): boolean {
  return sources.mayBeIn(text) || text.includes(CORE) || PRIVATE.some(({ name }) => text.includes(name));
}

/**
 * Finds the legacy uses of a source file, in the order of the file.
 *
 * @throws SourceSyntaxError
 */
export function findUses(file: string, text: string, sources: LegacySources): readonly LegacyUse[] {
  if (!mayHoldUses(text, sources)) return [];
  const tree = parseSource(file, text);
  const uses = [...importUses(tree, sources), ...privateUses(tree)];
  return uses.sort((a, b) => a.line - b.line || a.column - b.column);
}

function importUses(tree: SourceTree, sources: LegacySources): readonly LegacyUse[] {
  const imports = legacyImports(tree, sources);
  const uses: LegacyUse[] = [];
  const add = (offset: number, name: string, advice: string, code?: string): void => {
    uses.push({
      file: tree.file,
      ...placeOf(tree.text, offset),
      name,
      advice,
      ...(code === undefined ? {} : { code }),
    });
  };
  for (const { form, names, source, namespace, module } of imports) {
    for (const { imported, found, node } of names) {
      if (found?.kind === 'legacy') add(node.start, imported, `use ${found.entry.replacement}`, found.entry.code);
      if (found?.kind === 'moved') add(node.start, imported, `import it from \`${found.canonical.from}\``);
    }
    if (namespace !== undefined) namespaceUses(tree, namespace, module, sources, add);
    const path = module === '.' ? '@ws/compat' : `@ws/compat/${module}`;
    if (form === 'other') add(source.start, path, 'import the names that are needed, one by one, to move them');
  }
  for (const { entry, member } of methodUses(tree, new LegacyReceivers(tree, imports))) {
    const { start, end } = member.property;
    add(start, tree.text.slice(start, end), `use ${entry.replacement}`, entry.code);
  }
  return uses;
}

function namespaceUses(
  { nodes }: SourceTree,
  namespace: string,
  module: string,
  sources: LegacySources,
  add: (offset: number, name: string, advice: string, code?: string) => void,
): void {
  for (const { node } of nodes) {
    const isMember =
      node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === namespace;
    const isType = node.type === 'TSQualifiedName' && node.left.type === 'Identifier' && node.left.name === namespace;
    if (!isMember && !isType) continue;
    const property = isMember ? node.property : isType ? node.right : node;
    const name = staticName(property, isMember && node.computed);
    const found = name === undefined ? undefined : sources.exportOf(module, name);
    if (name === undefined || found === undefined) continue;
    if (found.kind === 'moved') add(property.start, name, `import it from \`${found.canonical.from}\``);
    else add(property.start, name, `use ${found.entry.replacement}`, found.entry.code);
  }
}

function privateUses({ nodes, file, text }: SourceTree): readonly LegacyUse[] {
  return nodes.flatMap(({ node }): LegacyUse[] => {
    const name = node.type === 'Identifier' ? node.name : undefined;
    const entry = PRIVATE.find((candidate) => candidate.name === name);
    if (entry === undefined || name === undefined) return [];
    return [{ file, ...placeOf(text, node.start), name, advice: `use ${entry.replacement}`, code: entry.code }];
  });
}
