import type { JsonObject, JsonValue } from '@ws/types';
import type * as v from 'valibot';

/** The parts of a schema that are read here; schemas of Valibot carry them as plain data. */
interface SchemaNode {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly wrapped?: SchemaNode;
  readonly options?: readonly string[];
  readonly pipe?: readonly PipeItem[];
  readonly default?: JsonValue;
}

interface PipeItem {
  readonly type: string;
  readonly requirement?: unknown;
  readonly description?: string;
}

/**
 * Says in JSON Schema what a schema of tool arguments asks for: an object of texts, whole numbers, yes or no, and picks from a list.
 * Throws for anything else, so that a model is never told less than is checked.
 */
export function toJsonSchema(schema: v.GenericSchema<JsonObject, unknown>): JsonObject {
  const { type, entries } = schema as unknown as SchemaNode;
  if (type !== 'strict_object' || entries === undefined)
    throw new TypeError('Arguments of a tool are a strict object.');
  const fields = Object.entries(entries);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, describeField(name, field)])),
    required: fields.filter(([, field]) => field.type !== 'exact_optional').map(([name]) => name),
    additionalProperties: false,
  };
}

function describeField(name: string, field: SchemaNode): JsonObject {
  if (field.type === 'exact_optional' && field.wrapped !== undefined) {
    const inner = describeField(name, field.wrapped);
    return field.default === undefined ? inner : { ...inner, default: field.default };
  }
  const items = field.pipe ?? [];
  const whole = items.some(({ type }) => type === 'integer');
  return Object.assign(
    { type: jsonType(name, field.type, whole) },
    enumOf(field),
    ...items.map(describeItem),
  ) as JsonObject;
}

function jsonType(name: string, type: string, whole: boolean): string {
  if (type === 'string' || type === 'picklist') return 'string';
  if (type === 'boolean') return 'boolean';
  if (type === 'number' && whole) return 'integer';
  throw new TypeError(`Field ${name}: a ${type} cannot be told to a model.`);
}

function enumOf(field: SchemaNode): JsonObject {
  return field.options === undefined ? {} : { enum: field.options };
}

const KEYWORDS: Readonly<Record<string, string>> = {
  min_value: 'minimum',
  max_value: 'maximum',
  min_length: 'minLength',
  max_length: 'maxLength',
};

function describeItem(item: PipeItem): JsonObject {
  if (item.type === 'description' && item.description !== undefined) return { description: item.description };
  const keyword = KEYWORDS[item.type];
  return keyword !== undefined && typeof item.requirement === 'number' ? { [keyword]: item.requirement } : {};
}
