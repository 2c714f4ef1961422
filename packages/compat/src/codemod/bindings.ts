import type { Node } from 'oxc-parser';
import type { SourceTree } from './source-tree.ts';

/** How often each name is declared in a file: by imports, variables, parameters, functions, classes and types. */
export function declaredNames({ nodes }: SourceTree): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { node } of nodes) {
    for (const name of declarationsOf(node)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function declarationsOf(node: Node): readonly string[] {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSEnumDeclaration':
    case 'TSImportEqualsDeclaration':
      return namesIn(node.id);
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'TSDeclareFunction':
    case 'TSEmptyBodyFunctionExpression':
      return [...namesIn(node.id), ...node.params.flatMap(namesIn)];
    case 'ArrowFunctionExpression':
      return node.params.flatMap(namesIn);
    case 'ClassDeclaration':
    case 'ClassExpression':
      return namesIn(node.id);
    case 'CatchClause':
      return namesIn(node.param);
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return [node.local.name];
    case 'TSTypeParameter':
      return [node.name.name];
    default:
      return [];
  }
}

/** The names that a pattern declares. */
function namesIn(pattern: Node | null | undefined): readonly string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'Property' ? property.value : property.argument),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'TSParameterProperty':
      return namesIn(pattern.parameter);
    default:
      return [];
  }
}
