/** A node of any parser: what is not ESTree (TypeScript) is looked at by its type and fields. */
export interface AnyNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The text of a string literal. */
export function stringValue(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;
}

/** The name of an identifier. */
export function identifierName(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : undefined;
}

/** The name of a key or a property that stands there as it is. */
export function keyName(node: unknown, computed: boolean): string | undefined {
  return (computed ? undefined : identifierName(node)) ?? stringValue(node);
}

/** The expression inside `await`, casts and `!`. */
function bareExpression(node: unknown): unknown {
  if (!isNode(node)) return node;
  switch (node.type) {
    case 'AwaitExpression':
      return bareExpression(node['argument']);
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      return bareExpression(node['expression']);
    default:
      return node;
  }
}

/** The expressions that the value of another may come from: the branches of `?:`, `??`, `||` and `&&`, what is assigned. */
export function valuesOf(expression: unknown): readonly AnyNode[] {
  const bare = bareExpression(expression);
  if (!isNode(bare)) return [];
  switch (bare.type) {
    case 'ConditionalExpression':
      return [bare['consequent'], bare['alternate']].flatMap(valuesOf);
    case 'LogicalExpression':
      return [bare['left'], bare['right']].flatMap(valuesOf);
    case 'AssignmentExpression':
      return valuesOf(bare['right']);
    case 'SequenceExpression': {
      const inner = bare['expressions'];
      return Array.isArray(inner) ? valuesOf(inner.at(-1)) : [];
    }
    default:
      return [bare];
  }
}

/** The module that `require('…')` or `await import('…')` loads. */
export function loadedModule(node: unknown): string | undefined {
  const load = bareExpression(node);
  if (!isNode(load)) return undefined;
  if (load.type === 'ImportExpression') return stringValue(load['source']);
  if (load.type !== 'CallExpression' || identifierName(load['callee']) !== 'require') return undefined;
  const given = load['arguments'];
  return Array.isArray(given) && given.length === 1 ? stringValue(given[0]) : undefined;
}
