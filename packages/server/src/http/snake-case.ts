/** A value as the HTTP API spells it: the keys of its objects in snake_case. For plain data whose keys are names, not ids. */
export function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [snakeCase(key), snakeCased(held)]));
}

/** `userId` as the HTTP API spells it. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
