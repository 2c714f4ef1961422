import type { JsonValue } from '@ws/types';

/** What came out of a tool, in a few words: what it found, how much it read, or what it counted. Empty if nothing stands out. */
export function summarizeResult(result: JsonValue | undefined): string {
  if (result === undefined || result === null) return '';
  if (isList(result)) return counted(result.length, 'item');
  if (typeof result !== 'object') return clipped(String(result));
  const { matches, text } = result;
  if (matches !== undefined && isList(matches)) return matches.length === 1 ? '1 match' : `${matches.length} matches`;
  if (typeof text === 'string') return counted(text === '' ? 0 : text.trimEnd().split('\n').length, 'line');
  const [name, value] = Object.entries(result).find((entry) => typeof entry[1] === 'number') ?? [];
  return name === undefined ? '' : `${Number(value).toLocaleString('en')} ${name.replaceAll('_', ' ')}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function clipped(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
