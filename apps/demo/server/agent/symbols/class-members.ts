const MEMBER =
  /^\s*(?:(?:public|private|protected|static|override|abstract|async|readonly|get|set)\s+)*\*?\s*(?<name>#?[\w$]+)\s*(?:<[^(]*>)?\(/;
const NOT_A_MEMBER: ReadonlySet<string> = new Set([
  'constructor',
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'return',
  'super',
]);

/** Where a method of a class begins: its name and its line, counted from 0. */
export interface Member {
  readonly name: string;
  readonly line: number;
}

/** The methods of the classes in masked TypeScript: calls directly inside the braces of a class. */
export function classMembers(lines: readonly string[]): Member[] {
  const members: Member[] = [];
  const openClasses: number[] = [];
  let depth = 0;
  let parentheses = 0;
  let classAhead = false;
  for (const [line, text] of lines.entries()) {
    if (openClasses.at(-1) === depth && parentheses === 0) {
      const name = MEMBER.exec(text)?.groups?.['name'];
      if (name !== undefined && !NOT_A_MEMBER.has(name)) members.push({ name, line });
    }
    if (/\bclass\b(?!\s*[:=(,)])/.test(text)) classAhead = true;
    for (const char of text) {
      if (char === '(') parentheses += 1;
      else if (char === ')') parentheses = Math.max(0, parentheses - 1);
      else if (char === '{') {
        depth += 1;
        if (classAhead) openClasses.push(depth);
        classAhead = false;
      } else if (char === '}') {
        if (openClasses.at(-1) === depth) openClasses.pop();
        depth -= 1;
      }
    }
  }
  return members;
}
