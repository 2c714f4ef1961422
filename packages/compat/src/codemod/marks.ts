import type MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import type { PlacedNode, SourceTree } from './source-tree.ts';

/** What a comment of the codemod begins with: to be searched for. */
const MARK = '// ws-compat:';

/** A comment that says what has to be migrated by hand. */
export interface Mark {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** The marks in a text, those of an earlier run as well. */
export function marksIn(text: string): readonly Mark[] {
  return text.split('\n').flatMap((line, index): Mark[] => {
    const mark = line.trim();
    return mark.startsWith(MARK) ? [{ line: index + 1, text: mark.slice(MARK.length).trim() }] : [];
  });
}

/** Puts comments above the statements that the codemod can't rewrite, each once, however often it is run. */
export class Marks {
  readonly #tree: SourceTree;
  readonly #edits: MagicString;
  readonly #made = new Set<string>();

  constructor(tree: SourceTree, edits: MagicString) {
    this.#tree = tree;
    this.#edits = edits;
  }

  add(place: PlacedNode, text: string): void {
    const { text: source } = this.#tree;
    const start = statementStart(place);
    const lineStart = source.lastIndexOf('\n', start - 1) + 1;
    if (this.#made.has(`${lineStart} ${text}`)) return;
    this.#made.add(`${lineStart} ${text}`);
    const comment = `${MARK} ${text}`;
    if (commentsAbove(source, lineStart).includes(comment)) return;
    const indent = /^[ \t]*/.exec(source.slice(lineStart))?.[0] ?? '';
    this.#edits.appendLeft(lineStart, `${indent}${comment}\n`);
  }
}

/** Where the statement, or the member of a class, begins that holds a node. */
function statementStart({ node, parents }: PlacedNode): number {
  const chain = [...parents, node];
  for (let index = chain.length - 1; index > 0; index -= 1) {
    const inner = chain[index];
    if (inner !== undefined && holdsStatements(chain[index - 1])) return inner.start;
  }
  return node.start;
}

function holdsStatements(node: Node | undefined): boolean {
  switch (node?.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
    case 'TSModuleBlock':
    case 'ClassBody':
      return true;
    default:
      return false;
  }
}

/** The marks that stand right above a line. */
function commentsAbove(source: string, lineStart: number): readonly string[] {
  const above: string[] = [];
  for (const line of source.slice(0, lineStart).split('\n').slice(0, -1).reverse()) {
    if (!line.trim().startsWith(MARK)) break;
    above.push(line.trim());
  }
  return above;
}
