import { useState } from 'react';
import { formatExact } from '@ws/ui';
import { Sparkline } from './sparkline.tsx';
import type { Point } from './series.ts';
import './metric-tile.css';

export interface MetricTileProps {
  readonly name: string;
  readonly label: string;
  readonly points: readonly Point[];
  readonly format: (value: number) => string;
  /** How much it has to worry. */
  readonly tone?: 'calm' | 'warn' | undefined;
}

/** One figure with its last quarter of an hour. */
export function MetricTile({ name, label, points, format, tone = 'calm' }: MetricTileProps) {
  const [pointed, setPointed] = useState<Point | null>(null);
  const shown = pointed ?? points.at(-1);
  return (
    <section className="metric-tile" data-testid={`tile-${name}`} data-tone={tone} aria-label={label}>
      <h3>{label}</h3>
      <p className="metric-tile__value">{shown === undefined ? '–' : format(shown.value)}</p>
      <p className="metric-tile__when">{pointed === null ? '' : formatExact(pointed.at).slice(0, 8)}</p>
      <Sparkline points={points} label={label} format={format} onPoint={setPointed} />
    </section>
  );
}
