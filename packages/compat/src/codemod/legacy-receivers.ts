import type { Node } from 'oxc-parser';
import type { LegacyImport } from './legacy-imports.ts';
import { madeBy, typedAs, type ReceiverKind } from '../legacy-sources.ts';
import { bareExpression, staticName, valuesOf, type SourceTree } from './source-tree.ts';

/** Knows which expressions of a file are managers and emitters: by how they were made, or by their declared type. */
export class LegacyReceivers {
  readonly #makers = new Map<string, ReceiverKind>();
  readonly #types = new Map<string, ReceiverKind>();
  readonly #namespaces = new Set<string>();
  readonly #variables = new Map<string, ReceiverKind>();

  constructor(tree: SourceTree, imports: readonly LegacyImport[]) {
    for (const { names, namespace } of imports) {
      if (namespace !== undefined) this.#namespaces.add(namespace);
      for (const { imported, local } of names) this.#learn(imported, local);
    }
    this.#learnCanonical(tree);
    for (const { node } of tree.nodes) this.#follow(node);
  }

  /** What an expression is, if it is known. */
  kindOf(expression: Node): ReceiverKind | undefined {
    for (const value of valuesOf(expression)) {
      const kind = this.#kindOfValue(value);
      if (kind !== undefined) return kind;
    }
    return undefined;
  }

  #kindOfValue(bare: Node): ReceiverKind | undefined {
    const key = variableKey(bare);
    if (key !== undefined) return this.#variables.get(key);
    if (bare.type !== 'CallExpression' && bare.type !== 'NewExpression') return undefined;
    const callee = bareExpression(bare.callee);
    if (callee.type === 'Identifier') return this.#makers.get(callee.name);
    if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
    const name = staticName(callee.property, callee.computed);
    return this.#namespaces.has(callee.object.name) && name !== undefined ? madeBy(name) : undefined;
  }

  #learn(imported: string, local: string): void {
    const maker = madeBy(imported);
    if (maker !== undefined) this.#makers.set(local, maker);
    const type = typedAs(imported);
    if (type !== undefined) this.#types.set(local, type);
  }

  /** A manager that the canonical factory gave may be the one that legacy code adapted. */
  #learnCanonical({ nodes }: SourceTree): void {
    for (const { node, parents } of nodes) {
      if (node.type !== 'ImportSpecifier' || node.imported.type !== 'Identifier') continue;
      const above = parents.at(-1);
      if (above?.type === 'ImportDeclaration' && above.source.value === '@ws/core')
        this.#learn(node.imported.name, node.local.name);
    }
  }

  #follow(node: Node): void {
    switch (node.type) {
      case 'VariableDeclarator':
        this.#note(node.id, node.init);
        return;
      case 'AssignmentExpression':
        this.#note(node.left, node.right);
        return;
      case 'PropertyDefinition': {
        const kind = node.value === null ? undefined : this.kindOf(node.value);
        const name = fieldName(node.key, node.computed);
        const known = kind ?? this.#annotated(node.typeAnnotation?.typeAnnotation);
        if (name !== undefined && known !== undefined) this.#variables.set(`this.${name}`, known);
        return;
      }
      case 'TSParameterProperty':
        if (node.parameter.type === 'Identifier') this.#noteParameter(node.parameter, `this.${node.parameter.name}`);
        return;
      case 'Identifier':
        this.#noteParameter(node, node.name);
        return;
      default:
    }
  }

  #note(target: Node, value: Node | null): void {
    const key = variableKey(target);
    const kind = value === null ? undefined : this.kindOf(value);
    if (key !== undefined && kind !== undefined) this.#variables.set(key, kind);
  }

  #noteParameter(node: Extract<Node, { type: 'Identifier' }>, key: string): void {
    const kind = this.#annotated(node.typeAnnotation?.typeAnnotation);
    if (kind !== undefined) this.#variables.set(key, kind);
  }

  #annotated(type: Node | undefined): ReceiverKind | undefined {
    if (type?.type === 'TSUnionType') {
      return type.types.map((one) => this.#annotated(one)).find((kind) => kind !== undefined);
    }
    if (type?.type !== 'TSTypeReference') return undefined;
    const { typeName } = type;
    if (typeName.type === 'Identifier') return this.#types.get(typeName.name);
    const isOfNamespace =
      typeName.type === 'TSQualifiedName' &&
      typeName.left.type === 'Identifier' &&
      this.#namespaces.has(typeName.left.name);
    return isOfNamespace ? typedAs(typeName.right.name) : undefined;
  }
}

/** `name` or `this.name`. */
function variableKey(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.object.type !== 'ThisExpression') return undefined;
  const name = fieldName(node.property, node.computed);
  return name === undefined ? undefined : `this.${name}`;
}

function fieldName(key: Node, computed: boolean): string | undefined {
  return key.type === 'PrivateIdentifier' ? `#${key.name}` : staticName(key, computed);
}
