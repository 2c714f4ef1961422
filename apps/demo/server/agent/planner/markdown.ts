import type { SkipReport } from '../workspace/index.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  mts: 'ts',
  cts: 'ts',
  mjs: 'js',
  cjs: 'js',
  yml: 'yaml',
  pyi: 'python',
  py: 'python',
};

/** A number with its noun: `1 file`, `1,204 lines`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? noun : plural}`;
}

/** A fenced block that no content can close early. */
export function codeBlock(path: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const language = extension.includes('/') ? '' : (LANGUAGES[extension] ?? extension);
  return `${fence}${language}\n${text}\n${fence}\n`;
}

/** Text of a file inside of a line, as code. */
export function inlineCode(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}\n`).join('');
}

/** What a result leaves out, as a paragraph of its own; empty if that is nothing. */
export function leftOut(skipped: SkipReport): string {
  const parts = Object.entries(skipped).map(([reason, { count: amount, examples }]) => {
    switch (reason) {
      case 'skipped folder':
        return `folders of other programs or data (${[...new Set(examples.map(lastName))].map(inlineCode).join(', ')})`;
      case 'secret':
        return `${count(amount, 'entry', 'entries')} that may hold keys`;
      case 'over the limit of one search':
        return 'everything after the limit of one search was reached';
      case 'too large':
        return `${count(amount, 'file')} over the size limit (${examples.map(inlineCode).join(', ')})`;
      default:
        return `${count(amount, `${reason} file`)} (${examples.slice(0, 3).map(inlineCode).join(', ')})`;
    }
  });
  return parts.length === 0 ? '' : `\nLeft out: ${parts.join('; ')}.\n`;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
