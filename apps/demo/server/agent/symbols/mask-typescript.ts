/** Code in which nothing begins or ends. */
const PLAIN = /[^"'`/{}]*/y;

/**
 * Replaces comments, strings, templates and regular expressions of TypeScript or JavaScript by spaces, line for line, so that what
 * looks like a definition in the rest is one.
 */
export function maskTypeScript(source: string): string {
  const out: string[] = [];
  /** One entry for each open `${`: how many braces are open inside of it. */
  const templates: number[] = [];
  let index = 0;
  let lastCode = '';

  const blank = (end: number): void => {
    out.push(source.slice(index, end).replace(/[^\n]/g, ' '));
    index = end;
  };
  const template = (): void => {
    const { end, opens } = templateEnd(source, index);
    if (opens) templates.push(0);
    blank(end);
    lastCode = opens ? '{' : '`';
  };

  while (index < source.length) {
    const char = source.charAt(index);
    const next = source.charAt(index + 1);
    if (char === '/' && next === '/') blank(orEnd(source, source.indexOf('\n', index)));
    else if (char === '/' && next === '*') blank(orEnd(source, source.indexOf('*/', index + 2), 2));
    else if (char === '"' || char === "'") {
      blank(quotedEnd(source, index, char));
      lastCode = char;
    } else if (char === '`') {
      index += 1;
      out.push(' ');
      template();
    } else if (char === '/' && startsRegex(lastCode, out)) {
      blank(regexEnd(source, index));
      lastCode = '/';
    } else {
      const depth = templates.at(-1);
      if (depth !== undefined && char === '}' && depth === 0) {
        templates.pop();
        index += 1;
        out.push(' ');
        template();
        continue;
      }
      if (depth !== undefined && (char === '{' || char === '}'))
        templates[templates.length - 1] = depth + (char === '{' ? 1 : -1);
      PLAIN.lastIndex = index + 1;
      const plain = char + (PLAIN.exec(source)?.[0] ?? '');
      out.push(plain);
      lastCode = plain.trimEnd().at(-1) ?? lastCode;
      index += plain.length;
    }
  }
  return out.join('');
}

function orEnd(source: string, found: number, length = 0): number {
  return found < 0 ? source.length : found + length;
}

function quotedEnd(source: string, start: number, quote: string): number {
  for (let index = start + 1; index < source.length; index += 1) {
    const char = source[index];
    if (char === '\\') index += 1;
    else if (char === quote) return index + 1;
    else if (char === '\n') return index;
  }
  return source.length;
}

/** Where the text of a template ends: after its closing quote, or after a `${` that opens code. */
function templateEnd(source: string, start: number): { end: number; opens: boolean } {
  for (let index = start; index < source.length; index += 1) {
    const char = source[index];
    if (char === '\\') index += 1;
    else if (char === '`') return { end: index + 1, opens: false };
    else if (char === '$' && source[index + 1] === '{') return { end: index + 2, opens: true };
  }
  return { end: source.length, opens: false };
}

function regexEnd(source: string, start: number): number {
  let inClass = false;
  for (let index = start + 1; index < source.length; index += 1) {
    const char = source[index];
    if (char === '\\') index += 1;
    else if (char === '\n') return index;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return index + 1;
  }
  return source.length;
}

/** A slash divides after a value and opens a regular expression after anything else. */
function startsRegex(lastCode: string, out: readonly string[]): boolean {
  if (lastCode === '') return true;
  if (/[\w$]/.test(lastCode))
    return /\b(?:return|typeof|case|in|of|void|yield|await|else)\s*$/.test(out.slice(-2).join(''));
  // After a closing bracket or quote there was a value; after `<` of JSX a tag is closed.
  return !/[)\]}"'`/<]/.test(lastCode);
}
