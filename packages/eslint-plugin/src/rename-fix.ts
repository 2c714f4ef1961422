import type { CanonicalName } from '@ws/compat/deprecations';
import type { Rule, Scope, SourceCode } from 'eslint';
import { identifierName, isNode, stringValue, type AnyNode } from './nodes.ts';

/** A name of a list, imported or destructured, that may get its canonical name. */
export interface RenamedName {
  readonly canonical: CanonicalName;
  readonly imported: string;
  readonly local: string;
  /** The specifier, or the property of the pattern. */
  readonly node: AnyNode;
  readonly isType: boolean;
}

/** A list of names, and how one of its form is written down. */
export interface NameList {
  /** The whole declaration. */
  readonly declaration: AnyNode;
  readonly names: readonly AnyNode[];
  /** A declaration of one name of a module, in the form of this one. */
  write(module: string, name: string, local: string, isType: boolean): string;
}

/**
 * A fix that takes a name from its list, imports the canonical one and renames what uses it. Names that would meet others keep
 * what the file calls them.
 */
export function renameFix(
  fixer: Rule.RuleFixer,
  sourceCode: SourceCode,
  list: NameList,
  { canonical, imported, local, node, isType }: RenamedName,
): Rule.Fix[] {
  const variable = variableOf(sourceCode, list.declaration, local);
  if (variable === undefined) return [];
  const there = existingImport(sourceCode, canonical, isType);
  const wanted = there ?? canonical.name;
  const isFree =
    wanted === local || variable.references.every((reference) => canBe(wanted, reference, there !== undefined));
  const isRenamed = imported === local && isFree;
  const chosen = isRenamed ? wanted : local;
  const needsImport = !(isRenamed && there !== undefined);
  const text = needsImport ? list.write(canonical.from, canonical.name, chosen, isType) : '';
  const renames = isRenamed ? variable.references.flatMap((reference) => renamed(fixer, reference, local, chosen)) : [];
  return [...replaceName(fixer, sourceCode, list, node, text), ...renames];
}

/** Puts `text` before the list, and takes one name out of it. */
function replaceName(
  fixer: Rule.RuleFixer,
  sourceCode: SourceCode,
  { declaration, names }: NameList,
  node: AnyNode,
  text: string,
): Rule.Fix[] {
  const [start, end] = rangeOf(declaration);
  if (names.length === 1) {
    const lineEnd = text === '' && sourceCode.text.slice(end).startsWith('\n') ? end + 1 : end;
    return [fixer.replaceTextRange([start, lineEnd], text)];
  }
  const index = names.indexOf(node);
  const next = names[index + 1];
  const before = names[index - 1];
  const range: [number, number] =
    next !== undefined
      ? [rangeOf(node)[0], rangeOf(next)[0]]
      : [before === undefined ? rangeOf(node)[0] : rangeOf(before)[1], rangeOf(node)[1]];
  const line =
    text === '' ? [] : [fixer.insertTextBeforeRange([start, end], `${text}\n${indentOf(sourceCode, start)}`)];
  return [...line, fixer.removeRange(range)];
}

function renamed(fixer: Rule.RuleFixer, { identifier }: Scope.Reference, local: string, chosen: string): Rule.Fix[] {
  const node = identifier as unknown as AnyNode;
  const parent = node['parent'];
  // The declaration of a destructured name is its first use; the list is rewritten as a whole.
  if (
    isNode(parent) &&
    parent.type === 'Property' &&
    isNode(parent['parent']) &&
    parent['parent'].type === 'ObjectPattern'
  )
    return [];
  const [start] = rangeOf(node);
  const range: [number, number] = [start, start + local.length];
  if (isNode(parent) && parent.type === 'Property' && parent['shorthand'] === true) {
    return [fixer.replaceTextRange(range, `${local}: ${chosen}`)];
  }
  if (isNode(parent) && parent.type === 'ExportSpecifier' && identifierName(parent['exported']) === local) {
    return [fixer.replaceTextRange(rangeOf(parent), `${chosen} as ${local}`)];
  }
  return [fixer.replaceTextRange(range, chosen)];
}

/** Whether a name means nothing else, where a reference stands. */
function canBe(name: string, { from }: Scope.Reference, isImported: boolean): boolean {
  for (let scope: Scope.Scope | null = from; scope !== null; scope = scope.upper) {
    const known = scope.set.get(name);
    if (known !== undefined && known.defs.length > 0) return isImported && known.defs[0]?.type === 'ImportBinding';
  }
  return true;
}

/** What the file calls a canonical name that it imports already. */
function existingImport(sourceCode: SourceCode, { name, from }: CanonicalName, isType: boolean): string | undefined {
  for (const statement of sourceCode.ast.body as unknown as readonly AnyNode[]) {
    if (statement.type !== 'ImportDeclaration' || stringValue(statement['source']) !== from) continue;
    for (const specifier of statement['specifiers'] as readonly AnyNode[]) {
      const isTypeOnly = statement['importKind'] === 'type' || specifier['importKind'] === 'type';
      if (identifierName(specifier['imported']) === name && (isType || !isTypeOnly))
        return identifierName(specifier['local']);
    }
  }
  return undefined;
}

function variableOf(sourceCode: SourceCode, declaration: AnyNode, name: string): Scope.Variable | undefined {
  const node = declaration as unknown as Rule.Node;
  for (let scope: Scope.Scope | null = sourceCode.getScope(node); scope !== null; scope = scope.upper) {
    const variable = scope.set.get(name) ?? scope.childScopes.find(({ type }) => type === 'module')?.set.get(name);
    if (variable !== undefined && variable.defs.length === 1) return variable;
  }
  return undefined;
}

function indentOf({ text }: SourceCode, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

function rangeOf(node: AnyNode): [number, number] {
  // Every parser of ESLint gives nodes their range.
  return node['range'] as [number, number];
}
