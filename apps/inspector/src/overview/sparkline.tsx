import { useState, type PointerEvent } from 'react';
import type { Point } from './series.ts';
import './sparkline.css';

const WIDTH = 240;
const HEIGHT = 44;
const PAD = 3;

export interface SparklineProps {
  readonly points: readonly Point[];
  /** What it shows, for those who can't see it. */
  readonly label: string;
  readonly format: (value: number) => string;
  /** The point under the pointer. */
  readonly onPoint: (point: Point | null) => void;
}

/** A value over the last quarter of an hour, as a line with its area. Point at it to read a value. */
export function Sparkline({ points, label, format, onPoint }: SparklineProps) {
  const [at, setAt] = useState<number | null>(null);
  const places = placesOf(points);
  const last = points.at(-1);
  const line = places.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const area = places.length < 2 ? '' : `${line}L${WIDTH} ${HEIGHT}L${places[0]?.x ?? 0} ${HEIGHT}Z`;
  const marked = at === null ? places.at(-1) : places[at];

  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * WIDTH;
    const nearest = places.reduce(
      (best, place, index) => (Math.abs(place.x - x) < Math.abs((places[best]?.x ?? Infinity) - x) ? index : best),
      0,
    );
    setAt(nearest);
    onPoint(points[nearest] ?? null);
  };
  const leave = (): void => {
    setAt(null);
    onPoint(null);
  };

  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${last === undefined ? 'nothing yet' : format(last.value)}`}
      onPointerMove={point}
      onPointerLeave={leave}
    >
      <path className="sparkline__area" d={area} />
      <path className="sparkline__line" d={line} />
      {marked !== undefined && (
        <line className="sparkline__mark" x1={marked.x} x2={marked.x} y1={0} y2={HEIGHT} data-on={at !== null} />
      )}
    </svg>
  );
}

/** Where the points are drawn: time from left to right, 0 at the bottom. */
function placesOf(points: readonly Point[]): readonly { readonly x: number; readonly y: number }[] {
  const first = points[0]?.at ?? 0;
  const span = Math.max(1, (points.at(-1)?.at ?? 1) - first);
  const top = Math.max(1, ...points.map(({ value }) => value));
  const room = HEIGHT - 2 * PAD;
  return points.map(({ at, value }) => ({
    x: round(((at - first) / span) * WIDTH),
    y: round(PAD + room - (value / top) * room),
  }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
