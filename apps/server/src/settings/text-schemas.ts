import { isIP } from 'node:net';
import * as v from 'valibot';
import { isAddressRange, isOriginPattern } from '@ws/server/process';

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

/** Words separated by commas, none of them empty. */
export const textListSchema: v.GenericSchema<string, readonly string[]> = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((entry) => entry.trim())),
  v.array(visibleTextSchema),
);

export const originsSchema: v.GenericSchema<string, readonly string[]> = v.pipe(
  textListSchema,
  v.array(v.pipe(v.string(), v.check(isOriginPattern))),
);

/** Addresses and ranges, in the words of `proxy-addr`. */
export const addressRangesSchema: v.GenericSchema<string, readonly string[]> = v.pipe(
  textListSchema,
  v.array(v.pipe(v.string(), v.check(isAddressRange))),
);

export function wholeNumber(min: number, max: number): v.GenericSchema<string, number> {
  return v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number), v.number(), v.minValue(min), v.maxValue(max));
}
