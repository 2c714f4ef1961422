import type { Summary } from './summary.ts';

const WIDTH = 760;
const LABEL = 250;
const ROW = 26;
const TOP = 44;
const BAR_MAX = WIDTH - LABEL - 110;

/** The first figure of a workload as bars, one for each server, as SVG. */
export function chart({ title, figures, rows }: Summary): string | undefined {
  const [first] = figures;
  if (first === undefined) return undefined;
  const values = rows.map((row) => row.figures[first.key] ?? NaN);
  const most = Math.max(...values.filter(Number.isFinite));
  if (!(most > 0)) return undefined;
  const bars = rows.map(({ title: server, target }, index) => {
    const value = values[index] ?? NaN;
    if (!Number.isFinite(value)) return '';
    const y = TOP + index * ROW;
    const width = Math.max(1, (value / most) * BAR_MAX);
    const ours = target === 'memory' || target === 'sqlite' || target === 'redis';
    const text = value.toLocaleString('en', { maximumFractionDigits: first.digits ?? 0 });
    return [
      `<text x="${LABEL - 8}" y="${y + 14}" text-anchor="end">${escape(server)}</text>`,
      `<rect x="${LABEL}" y="${y + 2}" width="${width.toFixed(1)}" height="${ROW - 8}" fill="${ours ? '#2563eb' : '#9ca3af'}"/>`,
      `<text x="${(LABEL + width + 6).toFixed(1)}" y="${y + 14}">${text}</text>`,
    ].join('');
  });
  const height = TOP + rows.length * ROW + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="18" font-weight="600">${escape(title)}</text>
<text x="12" y="34" fill="#6b7280">${escape(first.title)}, ${first.better} is better</text>
${bars.join('\n')}
</svg>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
