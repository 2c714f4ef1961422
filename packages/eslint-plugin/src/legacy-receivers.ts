import { madeBy, typedAs, type ReceiverKind } from '@ws/compat/legacy-sources';
import type { Rule, Scope, SourceCode } from 'eslint';
import { bareExpression, identifierName, isNode, type AnyNode } from './nodes.ts';

/** Names that a file imports from legacy modules or from the core: what it calls them, and what they are. */
export type ImportedNames = ReadonlyMap<string, string>;

/** Whether an expression is a manager or an emitter, as far as the file says: by how it was made, or by its declared type. */
export function receiverKind(
  sourceCode: SourceCode,
  expression: unknown,
  imported: ImportedNames,
): ReceiverKind | undefined {
  const bare = bareExpression(expression);
  if (!isNode(bare)) return undefined;
  if (bare.type === 'CallExpression' || bare.type === 'NewExpression') return makerKind(bare['callee'], imported);
  const name = identifierName(bare);
  const definition = name === undefined ? undefined : definitionOf(sourceCode, bare, name);
  if (definition === undefined) return undefined;
  const declared = definition.node as unknown as AnyNode;
  const identifier = definition.name as unknown as AnyNode;
  const typed = typeKind(identifier['typeAnnotation'], imported);
  if (typed !== undefined) return typed;
  return declared.type === 'VariableDeclarator' && declared['id'] === identifier
    ? madeKind(declared['init'], imported)
    : undefined;
}

function madeKind(init: unknown, imported: ImportedNames): ReceiverKind | undefined {
  const bare = bareExpression(init);
  const isCall = isNode(bare) && (bare.type === 'CallExpression' || bare.type === 'NewExpression');
  return isCall ? makerKind(bare['callee'], imported) : undefined;
}

function makerKind(callee: unknown, imported: ImportedNames): ReceiverKind | undefined {
  const name = imported.get(identifierName(callee) ?? '');
  return name === undefined ? undefined : madeBy(name);
}

function typeKind(annotation: unknown, imported: ImportedNames): ReceiverKind | undefined {
  const type = isNode(annotation) ? annotation['typeAnnotation'] : undefined;
  const name = isNode(type) && type.type === 'TSTypeReference' ? identifierName(type['typeName']) : undefined;
  const original = name === undefined ? undefined : imported.get(name);
  return original === undefined ? undefined : typedAs(original);
}

function definitionOf(sourceCode: SourceCode, node: AnyNode, name: string): Scope.Definition | undefined {
  const from = sourceCode.getScope(node as unknown as Rule.Node);
  for (let scope: Scope.Scope | null = from; scope !== null; scope = scope.upper) {
    const variable = scope.set.get(name);
    if (variable !== undefined) return variable.defs[0];
  }
  return undefined;
}
