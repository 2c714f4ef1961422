import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { ROOT } from './places.ts';

export interface FoundCall {
  readonly file: string;
  readonly line: number;
  /** What is called, as it is written. */
  readonly callee: string;
}

/** Every call in the sources that a pattern names, read from the syntax tree. */
export function callsOfSources(pattern: string): readonly FoundCall[] {
  return globSync(pattern, { cwd: ROOT }).sort().flatMap(callsOf);
}

function callsOf(path: string): readonly FoundCall[] {
  const source = ts.createSourceFile(path, readFileSync(resolve(ROOT, path), 'utf8'), ts.ScriptTarget.Latest, true);
  const file = path.replaceAll('\\', '/');
  const found: FoundCall[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ file, line: line + 1, callee: node.expression.getText(source) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
