import { WebSocketError, type JsonObject, type JsonValue } from '@ws/types';

/**
 * A value as JSON carries it. The first system handed models, dates and sets to its encoder and lost the connection; here a date
 * becomes its ISO text, a map an object, a set an array, a bigint its digits, an error its name and message. Fields that are
 * `undefined` or functions are left out.
 *
 * @throws `INVALID_EVENT` for a circle
 */
export function toJsonValue(value: unknown): JsonValue {
  return convert(value, []) ?? null;
}

/** The same for an object with named fields. */
export function toJsonObject(value: object): JsonObject {
  const json = toJsonValue(value);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
}

function convert(value: unknown, above: readonly object[]): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return value.toString();
    case 'undefined':
    case 'function':
    case 'symbol':
      return undefined;
    case 'object':
      return value === null ? null : convertObject(value, above);
  }
}

function convertObject(value: object, above: readonly object[]): JsonValue {
  if (above.includes(value))
    throw new WebSocketError('INVALID_EVENT', 'a legacy message holds itself: JSON has no circles');
  const within = [...above, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof Map) return convertObject(Object.fromEntries(value) as object, within);
  if (Array.isArray(value) || value instanceof Set) return [...value].map((item) => convert(item, within) ?? null);
  if (hasToJson(value)) return convert(value.toJSON(), within) ?? null;
  const fields: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(value)) {
    const converted = convert(field, within);
    if (converted !== undefined) fields[name] = converted;
  }
  return fields;
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
