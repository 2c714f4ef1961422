import type { Summary } from './summary.ts';
import { textTable } from './text-table.ts';

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
  const failed = failures.map((failure) => `failed: ${failure}`);
  return [title, '', textTable(header, cells), ...failed].join('\n');
}

function number(value: number | undefined, digits: number): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
