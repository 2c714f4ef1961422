import type { Node } from 'oxc-parser';
import type { LegacyExport, LegacySources } from '../legacy-sources.ts';
import { bareExpression, staticName, stringValue, type PlacedNode, type SourceTree } from './source-tree.ts';

/** One name that a file gets from a legacy module. */
export interface ImportedName {
  readonly imported: string;
  /** What the file calls it. */
  readonly local: string;
  readonly isType: boolean;
  readonly found: LegacyExport | undefined;
  readonly node: Node;
}

/** How a file takes names from a legacy module. */
type LegacyImportForm =
  /** `import { a } from`, `const { a } = require()`, `const { a } = await import()`. */
  | 'names'
  /** `import * as all from`, `const all = require()`, `const all = await import()`. */
  | 'namespace'
  /** `export { a } from`. */
  | 're-export'
  /** `require().a`, `(await import()).a`. */
  | 'member'
  /** `import('…').A` as a type. */
  | 'type'
  /** Whatever is none of these: a default import, `export *`, a mock, an import for its side effects. */
  | 'other';

/** A place where a file takes something from a legacy module. */
export interface LegacyImport {
  readonly form: LegacyImportForm;
  readonly module: string;
  /** The string that names the module. */
  readonly source: Node;
  /** The declaration, declarator, expression or statement that does it. */
  readonly place: PlacedNode;
  readonly names: readonly ImportedName[];
  /** What the file calls the whole module. */
  readonly namespace?: string;
}

/** Every place where a file takes something from a legacy module. */
export function legacyImports(tree: SourceTree, sources: LegacySources): readonly LegacyImport[] {
  const found: LegacyImport[] = [];
  const known = new Set<Node>();
  for (const { node, parents } of tree.nodes) {
    const value = stringValue(node);
    const module = sources.moduleOf(value);
    if (module === undefined || known.has(node)) continue;
    known.add(node);
    found.push(importAt(node, parents, module, sources));
  }
  return found;
}

function importAt(source: Node, parents: readonly Node[], module: string, sources: LegacySources): LegacyImport {
  const parent = parents.at(-1);
  const place = (node: Node): PlacedNode => ({ node, parents: parents.slice(0, parents.indexOf(node)) });
  const named = (imported: string, local: string, node: Node, isType: boolean): ImportedName => ({
    imported,
    local,
    isType,
    node,
    found: sources.exportOf(module, imported),
  });
  const base = { module, source, names: [] };
  const other: LegacyImport = { ...base, form: 'other', place: place(parent ?? source) };

  switch (parent?.type) {
    case 'ImportDeclaration': {
      const isType = parent.importKind === 'type';
      const [only] = parent.specifiers;
      if (only?.type === 'ImportNamespaceSpecifier' && parent.specifiers.length === 1) {
        return { ...base, form: 'namespace', place: place(parent), namespace: only.local.name };
      }
      const names = parent.specifiers.flatMap((specifier) =>
        specifier.type === 'ImportSpecifier'
          ? [
              named(
                nameOf(specifier.imported),
                specifier.local.name,
                specifier,
                isType || specifier.importKind === 'type',
              ),
            ]
          : [],
      );
      const isPlain = names.length === parent.specifiers.length && names.length > 0;
      return isPlain ? { ...base, form: 'names', place: place(parent), names } : other;
    }
    case 'ExportNamedDeclaration': {
      const isType = parent.exportKind === 'type';
      const names = parent.specifiers.map((specifier) =>
        named(
          nameOf(specifier.local),
          nameOf(specifier.exported),
          specifier,
          isType || specifier.exportKind === 'type',
        ),
      );
      return { ...base, form: 're-export', place: place(parent), names };
    }
    case 'TSImportType': {
      const { qualifier } = parent;
      if (qualifier?.type !== 'Identifier') return other;
      return {
        ...base,
        form: 'type',
        place: place(parent),
        names: [named(qualifier.name, qualifier.name, qualifier, true)],
      };
    }
    case 'CallExpression':
    case 'ImportExpression':
      return isLoad(parent) ? loadedAt(parent, parents, { ...other, place: place(parent) }, named) : other;
    default:
      return other;
  }
}

/** `require('…')` or `import('…')`. */
function isLoad(node: Node): boolean {
  if (node.type === 'ImportExpression') return true;
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    node.callee.name === 'require' &&
    node.arguments.length === 1
  );
}

function loadedAt(
  load: Node,
  parents: readonly Node[],
  other: LegacyImport,
  named: (imported: string, local: string, node: Node, isType: boolean) => ImportedName,
): LegacyImport {
  const index = parents.findLastIndex((parent) => bareExpression(parent) !== load);
  const above = parents[index];
  const isReady = load.type === 'CallExpression' || parents[index + 1]?.type !== 'ImportExpression';
  if (above === undefined || !isReady) return other;
  const place = { node: above, parents: parents.slice(0, index) };
  if (above.type === 'MemberExpression' && bareExpression(above.object) === load) {
    const name = staticName(above.property, above.computed);
    return name === undefined || above.computed
      ? other
      : { ...other, form: 'member', place, names: [named(name, name, above.property, false)] };
  }
  if (above.type !== 'VariableDeclarator') return other;
  if (above.id.type === 'Identifier') return { ...other, form: 'namespace', place, namespace: above.id.name };
  if (above.id.type !== 'ObjectPattern') return other;
  const names = above.id.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.value.type !== 'Identifier') return [];
    const imported = staticName(property.key, property.computed);
    return imported === undefined ? [] : [named(imported, property.value.name, property, false)];
  });
  return names.length === above.id.properties.length && names.length > 0
    ? { ...other, form: 'names', place, names }
    : other;
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  return stringValue(node) ?? '';
}
