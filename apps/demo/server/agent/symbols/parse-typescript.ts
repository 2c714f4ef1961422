import {
  parse,
  Visitor,
  type ArrowFunctionExpression,
  type Function,
  type MethodDefinition,
  type Node,
  type Program,
  type PropertyDefinition,
  type Span,
} from 'oxc-parser';
import type { SymbolKind } from './definition.ts';

/** Longer files were written by a program. The tree of one would hold up everything else in this process. */
const MAX_LENGTH = 128 * 1_024;

/** A definition in the text of a file. Places are offsets in it. */
export interface ParsedDefinition {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly exported: boolean;
  /** Where the name is. */
  readonly at: number;
  /** From the first modifier to the body. */
  readonly signature: Readonly<Span>;
  /** Whether a body follows. Overloads have none. */
  readonly hasBody: boolean;
}

/**
 * Finds what TypeScript, JavaScript or JSX defines, in the order of the text: functions, types and classes with their methods at any
 * depth, constants of the module or a namespace. Gives nothing for a text that can't be parsed.
 */
export async function parseTypeScript(path: string, text: string): Promise<ParsedDefinition[] | undefined> {
  if (text.length > MAX_LENGTH) return undefined;
  // A `.js` file may hold JSX, as bundlers allow.
  const { program, errors } = await parse(path, text, /\.[cm]?js$/.test(path) ? { lang: 'jsx' } : {});
  if (program.body.length === 0 && errors.length > 0) return undefined;
  return firstOverloads(definitionsIn(program, text).sort((a, b) => a.at - b.at));
}

/** Overloads are one function: what follows one under the same name is the rest of it. */
function firstOverloads(definitions: readonly ParsedDefinition[]): ParsedDefinition[] {
  return definitions.filter(({ name, kind }, index) => {
    const before = definitions[index - 1];
    return !(before?.name === name && before.kind === kind && !before.hasBody && isCallable(kind));
  });
}

function isCallable(kind: SymbolKind): boolean {
  return kind === 'function' || kind === 'method';
}

interface Name extends Span {
  readonly name: string;
}

function definitionsIn(program: Program, text: string): ParsedDefinition[] {
  const found: ParsedDefinition[] = [];
  /** The `export` around a declaration. */
  const exports = new Map<Node, Node>();
  const exportedBelow = new Set<string>();

  const add = (kind: SymbolKind, { name, start }: Name, node: Node, body: Span | null | undefined): void => {
    const signature = { start: (exports.get(node) ?? node).start, end: body?.start ?? node.end };
    found.push({
      name,
      kind,
      exported: exports.has(node),
      at: start,
      signature,
      hasBody: body !== null && body !== undefined,
    });
  };
  const addFunction = (node: Function): void => {
    if (node.id !== null) add('function', node.id, node, node.body);
  };
  const addMember = (node: MethodDefinition | PropertyDefinition, body: Span | null | undefined): void => {
    const { key } = node;
    if (node.computed) return;
    if (key.type === 'Identifier') add('method', key, node, body);
    if (key.type === 'PrivateIdentifier') add('method', { ...key, name: `#${key.name}` }, node, body);
  };
  const addMethod = (node: MethodDefinition): void => {
    if (node.kind !== 'constructor') addMember(node, node.value.body);
  };
  const addConstants = ({ body }: { readonly body: readonly Node[] }): void => {
    for (const statement of body) {
      const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (node?.type !== 'VariableDeclaration') continue;
      if (node !== statement) exports.set(node, statement);
      for (const { id, init } of node.declarations)
        if (id.type === 'Identifier') add('const', id, node, isFunction(init) ? init.body : endOfLine(text, id.end));
    }
  };

  new Visitor({
    Program: addConstants,
    TSModuleBlock: addConstants,
    ExportNamedDeclaration(node) {
      if (node.declaration !== null) exports.set(node.declaration, node);
      if (node.source !== null) return;
      for (const { local } of node.specifiers) if (local.type === 'Identifier') exportedBelow.add(local.name);
    },
    ExportDefaultDeclaration(node) {
      exports.set(node.declaration, node);
      if (node.declaration.type === 'Identifier') exportedBelow.add(node.declaration.name);
    },
    FunctionDeclaration: addFunction,
    TSDeclareFunction: addFunction,
    ClassDeclaration(node) {
      if (node.id !== null) add('class', node.id, node, node.body);
    },
    MethodDefinition: addMethod,
    TSAbstractMethodDefinition: addMethod,
    PropertyDefinition(node) {
      if (isFunction(node.value)) addMember(node, node.value.body);
    },
    TSInterfaceDeclaration: (node) => add('interface', node.id, node, node.body),
    TSTypeAliasDeclaration: (node) => add('type', node.id, node, undefined),
    TSEnumDeclaration: (node) => add('enum', node.id, node, node.body),
    TSModuleDeclaration(node) {
      if (node.id.type === 'Identifier') add('module', node.id, node, node.body);
    },
  }).visit(program);
  return found.map((one) => (exportedBelow.has(one.name) && one.kind !== 'method' ? { ...one, exported: true } : one));
}

function isFunction(node: Node | null): node is ArrowFunctionExpression | Function {
  return node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression';
}

/** What a value is stands on the line of its name, or is too long for a signature. */
function endOfLine(text: string, from: number): Span {
  const end = text.indexOf('\n', from);
  return { start: end < 0 ? text.length : end, end };
}
