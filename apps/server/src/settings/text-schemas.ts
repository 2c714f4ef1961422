import { isIP } from 'node:net';
import * as v from 'valibot';

/** Schemas of what a variable may hold. */

export const hostSchema = v.pipe(
  v.string(),
  v.check((text) => isIP(text) !== 0 || /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text)),
);

export const visibleTextSchema = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));

export const httpUrlSchema: v.GenericSchema<string, URL> = v.pipe(
  v.string(),
  v.check((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)),
  v.transform((text) => new URL(text)),
);

export const originsSchema: v.GenericSchema<string, readonly string[]> = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((origin) => origin.trim())),
  v.array(
    v.pipe(
      v.string(),
      v.check((text) => text === '*' || (URL.canParse(text) && new URL(text).origin === text)),
    ),
  ),
);

export function wholeNumber(min: number, max: number): v.GenericSchema<string, number> {
  return v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number), v.number(), v.minValue(min), v.maxValue(max));
}
