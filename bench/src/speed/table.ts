import type { Summary } from './summary.ts';

/** The summary as a table of Markdown, aligned so that it is a table on a terminal, too. */
export function table({ title, figures, rows, failures }: Summary): string {
  const header = [
    'server',
    ...figures.flatMap((figure) => (figure.compared === true ? [figure.title, '× ws', '× Socket.IO'] : [figure.title])),
  ];
  const cells = rows.map((row) => [
    row.title,
    ...figures.flatMap(({ key, digits = 0, compared }) => {
      const value = number(row.figures[key], digits);
      return compared === true ? [value, number(row.toWs[key], 2), number(row.toSocketIo[key], 2)] : [value];
    }),
  ]);
  const widths = header.map((text, column) =>
    Math.max(...[header, ...cells].map((line) => line[column]?.length ?? 0), text.length),
  );
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const failed = failures.map((failure) => `failed: ${failure}`);
  return [title, '', line(header), rule, ...cells.map(line), ...failed].join('\n');
}

function number(value: number | undefined, digits: number): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
