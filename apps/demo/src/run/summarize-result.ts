import type { JsonValue } from '@ws/types';

/** What came out of a tool, in a few words: the numbers it counted, or how much there is. */
export function summarizeResult(result: JsonValue | undefined): string {
  if (result === undefined || result === null) return '';
  if (Array.isArray(result)) return counted(result.length, 'item');
  if (typeof result !== 'object') return clipped(String(result));
  const entries = Object.entries(result as { readonly [name: string]: JsonValue });
  const list = entries.find(([, value]) => Array.isArray(value));
  if (list !== undefined) return `${(list[1] as readonly JsonValue[]).length} ${list[0].replaceAll('_', ' ')}`;
  const [first] = entries;
  if (first === undefined) return 'nothing';
  return typeof first[1] === 'object' ? counted(entries.length, 'field') : clipped(`${first[0]}: ${first[1]}`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function clipped(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
