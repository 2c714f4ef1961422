import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { ROOT } from './places.ts';

export interface FoundClass {
  readonly file: string;
  readonly name: string;
  readonly methods: readonly string[];
  readonly parent: string | undefined;
}

/** Every class of the sources, declared or as an expression, read from the syntax tree. */
export function classesOfSources(): readonly FoundClass[] {
  return globSync('{packages,apps}/*/src/**/*.{ts,tsx}', { cwd: ROOT }).sort().flatMap(classesOf);
}

function classesOf(file: string): readonly FoundClass[] {
  const source = ts.createSourceFile(file, readFileSync(resolve(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: FoundClass[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) {
      const isMethod = (member: ts.ClassElement): boolean => ts.isMethodDeclaration(member);
      const parent = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
      found.push({
        file: file.replaceAll('\\', '/'),
        name: node.name?.text ?? nameGiven(node),
        methods: node.members.filter(isMethod).flatMap((member) => member.name?.getText(source) ?? []),
        parent: parent?.types[0]?.expression.getText(source),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The name of the variable that holds a class without a name. */
function nameGiven({ parent }: ts.ClassLikeDeclaration): string {
  return ts.isVariableDeclaration(parent) ? parent.name.getText() : '(without a name)';
}
