const MAX_DOC_LENGTH = 600;
const MAX_DOC_LINES = 40;

/** The comment right above a line (counted from 0), decorators between them left aside. */
export function commentAbove(lines: readonly string[], line: number, comment: RegExp): string {
  const collected: string[] = [];
  for (let index = line - 1; index >= 0 && collected.length < MAX_DOC_LINES; index -= 1) {
    const text = lines[index] ?? '';
    if (collected.length === 0 && /^\s*(?:@|#\[)/.test(text)) continue;
    if (!comment.test(text)) break;
    collected.unshift(text);
    // What stands above the start of a block belongs to something else.
    if (/^\s*\/\*/.test(text)) break;
  }
  return plain(collected);
}

/** The documentation string below a line, as Python has it. */
export function docStringBelow(lines: readonly string[], line: number): string {
  let index = line;
  while (index < lines.length && index < line + 20 && !/:\s*(?:#.*)?$/.test(lines[index] ?? '')) index += 1;
  const first = lines[index + 1] ?? '';
  const quote = /^\s*[rRuU]?("""|''')/.exec(first)?.[1];
  if (quote === undefined) return '';
  const collected: string[] = [];
  for (let at = index + 1; at < lines.length && collected.length < MAX_DOC_LINES; at += 1) {
    const text = lines[at] ?? '';
    collected.push(text.replaceAll(quote, ''));
    if (text.split(quote).length > (at === index + 1 ? 2 : 1)) break;
  }
  return plain(collected);
}

function plain(lines: readonly string[]): string {
  return lines
    .map((text) =>
      text
        .replace(/^\s*(?:\/\*\*?|\*\/|\*(?!\*)|\/\/[/!]?|#+)/, '')
        .replace(/\*\/\s*$/, '')
        .replace(/\{@\w+\s+([^}]+)\}/g, '$1')
        .trim(),
    )
    .filter((text) => text !== '' && !/^(?:eslint-disable|prettier-ignore|@ts-)/.test(text))
    .join(' ')
    .slice(0, MAX_DOC_LENGTH);
}
