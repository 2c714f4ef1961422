import type { JsonValue } from '@ws/types';

/** A value on one line, as one would say it: `query: "factory", limit: 20`. */
export function compactArguments(args: JsonValue): string {
  if (args === null) return '';
  if (typeof args !== 'object' || Array.isArray(args)) return JSON.stringify(args);
  return Object.entries(args)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ');
}
