import * as v from 'valibot';
import type { ErrorCode } from './error-codes.ts';

/** What the door says: the value, or why it was refused. */
export type ParseResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** A refusal. */
export function refuse(code: ErrorCode, message: string): ParseResult<never> {
  return { ok: false, code, message };
}

/** Checks `input` against a schema; a refusal names the first field that is wrong. */
export function check<Value>(
  schema: v.GenericSchema<unknown, Value>,
  input: unknown,
  code: ErrorCode,
  subject: string,
): ParseResult<Value> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const issue = result.issues[0];
  const field = v.getDotPath(issue);
  return refuse(code, field === null ? `${subject}: ${issue.message}` : `${subject}: field ${field}: ${issue.message}`);
}

/** Tells whether a value is an object with named fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
