import type { Definition, SymbolKind } from './definition.ts';
import { commentAbove, docStringBelow } from './doc-comment.ts';
import { languageOf, type Language, type LineRules } from './languages.ts';
import { parseTypeScript, type ParsedDefinition } from './parse-typescript.ts';

const MAX_SIGNATURE_LENGTH = 240;
const MAX_SIGNATURE_LINES = 12;
/** Longer lines were written by a program. */
const MAX_LINE_LENGTH = 400;

/**
 * Finds what a source file defines, in the order of the file. Gives an empty list for a language it does not know, and nothing for a
 * file that can't be parsed.
 */
export async function findDefinitions(path: string, text: string): Promise<Definition[] | undefined> {
  const language = languageOf(path);
  if (language === undefined) return [];
  const lines = text.split(/\r?\n/);
  if (language.rules !== undefined) return byLines(path, lines, language, language.rules);
  const parsed = await parseTypeScript(path, text);
  return parsed === undefined ? undefined : placed(path, text, lines, parsed, language);
}

/** Gives definitions their lines and comments. */
function placed(
  path: string,
  text: string,
  lines: readonly string[],
  parsed: readonly ParsedDefinition[],
  language: Language,
): Definition[] {
  const definitions: Definition[] = [];
  let line = 0;
  let nextLine = text.indexOf('\n') + 1;
  for (const { name, kind, exported, at, signature } of parsed) {
    for (; nextLine > 0 && nextLine <= at; line += 1) nextLine = text.indexOf('\n', nextLine) + 1;
    if ((lines[line]?.length ?? 0) > MAX_LINE_LENGTH) continue;
    definitions.push({
      name,
      kind,
      path,
      line: line + 1,
      exported,
      signature: oneLine(text.slice(signature.start, signature.end)),
      doc: docOf(lines, line, language),
    });
  }
  return definitions;
}

function byLines(path: string, lines: readonly string[], language: Language, rules: LineRules): Definition[] {
  return lines.flatMap((content, line) => {
    if (content.length > MAX_LINE_LENGTH || language.comment.test(content)) return [];
    const match = definedOn(content, rules);
    if (match === undefined) return [];
    return {
      ...match,
      path,
      line: line + 1,
      exported: rules.isExported(content, match.name),
      signature: signatureFrom(lines, line),
      doc: docOf(lines, line, language),
    };
  });
}

function definedOn(line: string, { definitions }: LineRules): { name: string; kind: SymbolKind } | undefined {
  for (const { kind, pattern } of definitions) {
    const name = pattern.exec(line)?.groups?.['name'];
    if (name !== undefined) return { name, kind };
  }
  return undefined;
}

function docOf(lines: readonly string[], line: number, language: Language): string {
  const below = language.docBelow === true ? docStringBelow(lines, line) : '';
  return below === '' ? commentAbove(lines, line, language.comment) : below;
}

/** The definition up to its body. */
function signatureFrom(lines: readonly string[], start: number): string {
  const parts: string[] = [];
  let open = 0;
  for (let index = start; index < Math.min(lines.length, start + MAX_SIGNATURE_LINES); index += 1) {
    const line = lines[index] ?? '';
    parts.push(line);
    for (const char of line) {
      if (char === '(') open += 1;
      else if (char === ')') open -= 1;
    }
    if (open <= 0 && /[{;:=]|=>|\)\s*$/.test(line)) break;
  }
  return oneLine(parts.join(' '));
}

function oneLine(text: string): string {
  return text
    .slice(0, 4 * MAX_SIGNATURE_LENGTH)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/ ?\{$/, '')
    .slice(0, MAX_SIGNATURE_LENGTH);
}
