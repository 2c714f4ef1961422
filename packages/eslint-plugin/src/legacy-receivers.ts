import { madeBy, typedAs, type ReceiverKind } from '@ws/compat/legacy-sources';
import type { Rule, Scope, SourceCode } from 'eslint';
import { identifierName, isNode, keyName, valuesOf, type AnyNode } from './nodes.ts';

/** Names that a file imports from legacy modules or from the core: what it calls them, and what they are. */
export type ImportedNames = ReadonlyMap<string, string>;

/** Whether an expression is a manager or an emitter, as far as the file says: by how it was made, or by its declared type. */
export function receiverKind(
  sourceCode: SourceCode,
  expression: unknown,
  imported: ImportedNames,
): ReceiverKind | undefined {
  return firstKind(valuesOf(expression), (value) => kindOfValue(sourceCode, value, imported));
}

function kindOfValue(sourceCode: SourceCode, bare: AnyNode, imported: ImportedNames): ReceiverKind | undefined {
  if (bare.type === 'CallExpression' || bare.type === 'NewExpression') return makerKind(bare['callee'], imported);
  if (bare.type === 'MemberExpression') return fieldKind(sourceCode, bare, imported);
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

/** What `this.name` is, by the field or the parameter property of the class around it. */
function fieldKind(sourceCode: SourceCode, member: AnyNode, imported: ImportedNames): ReceiverKind | undefined {
  const object = member['object'];
  const name = fieldName(member['property'], member['computed'] === true);
  if (!isNode(object) || object.type !== 'ThisExpression' || name === undefined) return undefined;
  const ancestors = sourceCode.getAncestors(member as unknown as Rule.Node) as unknown as readonly AnyNode[];
  const body = ancestors.findLast(({ type }) => type === 'ClassBody');
  return firstKind(nodesOf(body?.['body']), (field) => {
    if (field.type === 'PropertyDefinition' && fieldName(field['key'], field['computed'] === true) === name)
      return typeKind(field['typeAnnotation'], imported) ?? madeKind(field['value'], imported);
    const method = field.type === 'MethodDefinition' ? field['value'] : undefined;
    return firstKind(isNode(method) ? nodesOf(method['params']) : [], (given) => {
      const parameter = given.type === 'TSParameterProperty' ? given['parameter'] : undefined;
      return isNode(parameter) && identifierName(parameter) === name
        ? typeKind(parameter['typeAnnotation'], imported)
        : undefined;
    });
  });
}

function fieldName(key: unknown, computed: boolean): string | undefined {
  return isNode(key) && key.type === 'PrivateIdentifier' ? `#${String(key['name'])}` : keyName(key, computed);
}

function nodesOf(list: unknown): readonly AnyNode[] {
  return Array.isArray(list) ? list.filter(isNode) : [];
}

function madeKind(init: unknown, imported: ImportedNames): ReceiverKind | undefined {
  return firstKind(valuesOf(init), (value) =>
    value.type === 'CallExpression' || value.type === 'NewExpression'
      ? makerKind(value['callee'], imported)
      : undefined,
  );
}

function makerKind(callee: unknown, imported: ImportedNames): ReceiverKind | undefined {
  const name = imported.get(identifierName(callee) ?? '');
  return name === undefined ? undefined : madeBy(name);
}

function typeKind(annotation: unknown, imported: ImportedNames): ReceiverKind | undefined {
  const type = isNode(annotation) ? annotation['typeAnnotation'] : undefined;
  if (!isNode(type)) return undefined;
  const types = type.type === 'TSUnionType' ? (type['types'] as readonly AnyNode[]) : [type];
  return firstKind(types, (one) => {
    const name = one.type === 'TSTypeReference' ? identifierName(one['typeName']) : undefined;
    const original = name === undefined ? undefined : imported.get(name);
    return original === undefined ? undefined : typedAs(original);
  });
}

function firstKind(
  nodes: readonly AnyNode[],
  kindOf: (node: AnyNode) => ReceiverKind | undefined,
): ReceiverKind | undefined {
  for (const node of nodes) {
    const kind = kindOf(node);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function definitionOf(sourceCode: SourceCode, node: AnyNode, name: string): Scope.Definition | undefined {
  const from = sourceCode.getScope(node as unknown as Rule.Node);
  for (let scope: Scope.Scope | null = from; scope !== null; scope = scope.upper) {
    const variable = scope.set.get(name);
    if (variable !== undefined) return variable.defs[0];
  }
  return undefined;
}
