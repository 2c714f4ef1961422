import { parseSync, visitorKeys, type Comment, type Node, type Program } from 'oxc-parser';

/** A node with what is above it, nearest last. */
export interface PlacedNode<Kind extends Node = Node> {
  readonly node: Kind;
  readonly parents: readonly Node[];
}

/** A source file, parsed. */
export interface SourceTree {
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** Every node, parents before children. */
  readonly nodes: readonly PlacedNode[];
}

/** A source file that can't be parsed. */
export class SourceSyntaxError extends Error {
  override readonly name = 'SourceSyntaxError';
}

/**
 * Parses TypeScript, JavaScript or JSX, told apart by the name of the file.
 *
 * @throws SourceSyntaxError
 */
export function parseSource(file: string, text: string): SourceTree {
  // A `.js` file may hold JSX, as bundlers allow.
  const lang = /\.[cm]?js$/.test(file) ? { lang: 'jsx' as const } : {};
  const { program, comments, errors } = parseSync(file, text, lang);
  const [error] = errors;
  if (error !== undefined) throw new SourceSyntaxError(`${file}: ${error.message}`);
  const nodes: PlacedNode[] = [];
  visit(program, [], nodes);
  return { file, text, program, comments, nodes };
}

function visit(node: Node, parents: readonly Node[], into: PlacedNode[]): void {
  into.push({ node, parents });
  const within = [...parents, node];
  for (const key of visitorKeys[node.type] ?? []) {
    const child: unknown = Reflect.get(node, key);
    for (const item of Array.isArray(child) ? (child as readonly unknown[]) : [child]) {
      if (isNode(item)) visit(item, within, into);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The expression inside parentheses, `await`, `?.`, casts and `!`. */
export function bareExpression(node: Node): Node {
  switch (node.type) {
    case 'AwaitExpression':
      return bareExpression(node.argument);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      return bareExpression(node.expression);
    default:
      return node;
  }
}

/** The expressions that the value of another may come from: the branches of `?:`, `??`, `||` and `&&`, what is assigned. */
export function valuesOf(expression: Node): readonly Node[] {
  const bare = bareExpression(expression);
  switch (bare.type) {
    case 'ConditionalExpression':
      return [bare.consequent, bare.alternate].flatMap(valuesOf);
    case 'LogicalExpression':
      return [bare.left, bare.right].flatMap(valuesOf);
    case 'AssignmentExpression':
      return valuesOf(bare.right);
    case 'SequenceExpression':
      return bare.expressions.slice(-1).flatMap(valuesOf);
    default:
      return [bare];
  }
}

/** The name of a key or a property that stands there as it is. */
export function staticName(node: Node, computed: boolean): string | undefined {
  if (!computed && node.type === 'Identifier') return node.name;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** The text of a string literal. */
export function stringValue(node: Node | null | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
