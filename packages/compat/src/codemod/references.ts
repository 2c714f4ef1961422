import type { Node } from 'oxc-parser';
import type { PlacedNode, SourceTree } from './source-tree.ts';

type IdentifierNode = Extract<Node, { type: 'Identifier' }>;

/** A use of a name that was declared elsewhere. */
export type Reference = PlacedNode<IdentifierNode>;

/** The uses of a name in a file, apart from where it is imported and where it is only the name of a property. */
export function referencesTo({ nodes }: SourceTree, name: string): readonly Reference[] {
  const seen = new Set<number>();
  return nodes.flatMap(({ node, parents }): Reference[] => {
    if (node.type !== 'Identifier' || node.name !== name || !isReference(node, parents)) return [];
    // The key and the value of `{ name }` are two nodes in one place.
    if (seen.has(node.start)) return [];
    seen.add(node.start);
    return [{ node, parents }];
  });
}

function isReference(node: IdentifierNode, parents: readonly Node[]): boolean {
  const parent = parents.at(-1);
  switch (parent?.type) {
    case 'VariableDeclarator':
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
      return parent.id !== node;
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'TSImportType':
    case 'MetaProperty':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false;
    case 'MemberExpression':
      return parent.object === node || parent.computed;
    case 'TSQualifiedName':
      return parent.left === node;
    case 'Property':
      if (parents.at(-2)?.type === 'ObjectPattern') return false;
      return parent.shorthand || parent.computed || parent.key !== node;
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'TSAbstractMethodDefinition':
    case 'TSAbstractPropertyDefinition':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
      return parent.computed || parent.key !== node;
    case 'TSEnumMember':
      return parent.id !== node;
    case 'ExportSpecifier':
      return parent.local === node;
    default:
      return true;
  }
}
