import { expect } from 'vitest';
import type { DemoPage, Row } from './demo-page.ts';

/** Every event up to the newest is there once, in order: an offset follows the one before it, less what was joined. */
export function expectNoGap(rows: readonly Row[]): void {
  let last = 0;
  const breaks: string[] = [];
  for (const { offset, merged, type } of rows) {
    if (offset - merged !== last) breaks.push(`${type} at ${offset} (${merged} joined) after ${last}`);
    last = offset;
  }
  expect(breaks).toEqual([]);
  expect(rows.length).toBeGreaterThan(0);
}

/** A run is whole: it begins once, ends once, and its tool calls are answered. */
export function expectWholeRun(rows: readonly Row[], runId: string): void {
  const types = rows.filter((row) => row.runId === runId).map(({ type }) => type);
  const count = (wanted: string): number => types.filter((type) => type === wanted).length;
  expect(types[0]).toBe('agent_started');
  expect(types.at(-1)).toBe('agent_completed');
  expect({ starts: count('agent_started'), ends: count('agent_completed') }).toEqual({ starts: 1, ends: 1 });
  expect(count('tool_executing')).toBeGreaterThan(0);
  expect(count('tool_completed')).toBe(count('tool_executing'));
  const firsts = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];
  const places = firsts.map((type) => types.indexOf(type));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
}

/** What the page says of itself: nothing missing, nothing twice. */
export async function expectKept(page: DemoPage): Promise<void> {
  const check = page.the('delivery-check');
  expect(await check.getAttribute('data-gaps')).toBe('0');
  expect(await check.getAttribute('data-repeated')).toBe('0');
}
