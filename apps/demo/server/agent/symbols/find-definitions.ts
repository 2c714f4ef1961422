import { classMembers } from './class-members.ts';
import type { Definition, SymbolKind } from './definition.ts';
import { commentAbove, docStringBelow } from './doc-comment.ts';
import { languageOf, type Language } from './languages.ts';

const MAX_SIGNATURE_LENGTH = 240;
const MAX_SIGNATURE_LINES = 12;
/** Longer lines were written by a program. */
const MAX_LINE_LENGTH = 400;

/** Finds what a source file defines, in the order of the file. Gives nothing for a language it does not know. */
export function findDefinitions(path: string, text: string): Definition[] {
  const language = languageOf(path);
  if (language === undefined) return [];
  const lines = text.split(/\r?\n/);
  const code = language.mask === undefined ? lines : language.mask(text).split(/\r?\n/);
  const found = new Map<number, { name: string; kind: SymbolKind }>();
  for (const [line, content] of code.entries()) {
    if (content.length > MAX_LINE_LENGTH || language.comment.test(content)) continue;
    const match = definedOn(content, language);
    if (match !== undefined) found.set(line, match);
  }
  if (language.methodsInBraces === true)
    for (const { name, line } of classMembers(code)) if (!found.has(line)) found.set(line, { name, kind: 'method' });

  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([line, { name, kind }]) => ({
      name,
      kind,
      path,
      line: line + 1,
      exported: language.isExported(lines[line] ?? '', name),
      signature: signatureFrom(code, lines, line),
      doc: docOf(lines, line, language),
    }));
}

function definedOn(line: string, language: Language): { name: string; kind: SymbolKind } | undefined {
  for (const { kind, pattern } of language.rules) {
    const name = pattern.exec(line)?.groups?.['name'];
    if (name !== undefined) return { name, kind };
  }
  return undefined;
}

function docOf(lines: readonly string[], line: number, language: Language): string {
  const below = language.docBelow === true ? docStringBelow(lines, line) : '';
  return below === '' ? commentAbove(lines, line, language.comment) : below;
}

/** The definition up to its body. Where code is masked, only the masked code tells where that is. */
function signatureFrom(code: readonly string[], lines: readonly string[], start: number): string {
  const parts: string[] = [];
  let open = 0;
  for (let index = start; index < Math.min(code.length, start + MAX_SIGNATURE_LINES); index += 1) {
    const masked = code[index] ?? '';
    parts.push((lines[index] ?? '').trim());
    for (const char of masked) {
      if (char === '(') open += 1;
      else if (char === ')') open -= 1;
    }
    if (open <= 0 && /[{;:=]|=>|\)\s*$/.test(masked)) break;
  }
  return parts
    .join(' ')
    .replace(/\s*\{\s*$/, '')
    .slice(0, MAX_SIGNATURE_LENGTH);
}
