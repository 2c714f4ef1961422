import * as v from 'valibot';
import { isId, MAX_ID_LENGTH } from './ids.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Building blocks shared by the schemas of frames and events. */

const ID_MESSAGE = `must be 1 to ${MAX_ID_LENGTH} visible characters without white space`;

export const idSchema: v.GenericSchema<string> = v.custom<string>(isId, ID_MESSAGE);

/** The same check, for a field whose type is a branded id. */
export function brandedIdSchema<Id extends string>(): v.GenericSchema<Id> {
  return v.custom<Id>(isId, ID_MESSAGE);
}

export const offsetSchema: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const timestampSchema: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const durationSchema: v.GenericSchema<number> = v.pipe(v.number(), v.finite(), v.minValue(0));

export const nameSchema: v.GenericSchema<string> = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** Present and not `undefined`; what JSON cannot carry is refused when the event is encoded. */
export const jsonSchema: v.GenericSchema<JsonValue> = v.custom<JsonValue>(
  (value) => value !== undefined && typeof value !== 'function' && typeof value !== 'symbol',
  'must be a JSON value',
);

export const jsonObjectSchema: v.GenericSchema<JsonObject> = v.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be a JSON object',
);
