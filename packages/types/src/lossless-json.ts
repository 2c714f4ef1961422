import type { JsonObject } from './json.ts';

/** A value that would arrive as another one, and where it stands. */
export interface JsonLoss {
  /** Path of the value, with dots: `items.0.price`. */
  readonly field: string;
  /** What the value must be instead. */
  readonly message: string;
}

const BEYOND_DOUBLES =
  'must lie within ±9007199254740991 (2^53 - 1), which is as far as a number is exact: send it as a string';

/**
 * Finds the first value that JSON can't carry unchanged: `NaN`, an overflow (`1e400`), an integer beyond ±(2^53 - 1), a `Map`, a
 * function. `JSON.stringify` writes something else for these and says nothing, so that a publisher would learn of it from a user. What
 * brings a `toJSON` of its own, such as a `Date`, counts as what that returns. A field that is `undefined` is left out, as JSON does.
 *
 * @returns `undefined` if everything arrives as it is
 *
 * @example
 * ```ts
 * findJsonLoss({ prices: [1, NaN] }); // { field: 'prices.1', message: 'must be a finite number, got NaN' }
 * ```
 */
export function findJsonLoss(payload: JsonObject): JsonLoss | undefined {
  const path: string[] = [];
  let message: string | undefined;
  try {
    message = lossOf(payload, path);
  } catch (error) {
    // A cycle ends here as well, as a RangeError.
    message = error instanceof RangeError ? 'is nested too deep, or holds itself' : 'throws when it is read';
  }
  return message === undefined ? undefined : { field: path.reverse().join('.'), message };
}

/** The keys on the way to a loss are added to `path`, the innermost first. */
function lossOf(value: unknown, path: string[]): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return lossOfNumber(value);
    case 'object':
      return value === null ? undefined : lossOfObject(value, path);
    case 'bigint':
      return 'must not be a bigint: send it as a string';
    default:
      return `must be a JSON value, got ${typeof value}`;
  }
}

function lossOfNumber(value: number): string | undefined {
  if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return undefined;
  return Number.isFinite(value) ? BEYOND_DOUBLES : `must be a finite number, got ${value}`;
}

function lossOfObject(value: object, path: string[]): string | undefined {
  if (Array.isArray(value)) return lossOfItems(value, path);
  if (convertsItself(value)) return lossOfConverted(value, path);
  if (!isPlain(value)) return `must be a JSON value, got ${nameOf(value)}: convert it first`;
  // Twice as fast as over `Object.entries`. What an object inherits is checked as well, though JSON leaves it out.
  for (const key in value) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    const message = item === undefined ? undefined : lossOf(item, path);
    if (message === undefined) continue;
    path.push(key);
    return message;
  }
  return undefined;
}

function lossOfItems(items: readonly unknown[], path: string[]): string | undefined {
  for (let index = 0; index < items.length; index += 1) {
    const message = lossOf(items[index], path);
    if (message === undefined) continue;
    path.push(String(index));
    return message;
  }
  return undefined;
}

function convertsItself(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** A date that is none converts to `null`. */
function lossOfConverted(value: { toJSON(): unknown }, path: string[]): string | undefined {
  const converted = value.toJSON();
  return value instanceof Date && converted === null ? 'must be a valid date' : lossOf(converted, path);
}

/** Instances of an application's classes are plain: their fields are what they hold. Those of the language hide theirs. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.prototype.toString.call(value) === '[object Object]';
}

function nameOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
