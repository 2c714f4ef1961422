import type { StandardSchemaV1 } from '@standard-schema/spec';
import { refuse, type ParseResult } from './parse-result.ts';

/**
 * Schemas of application events by type, from any library that speaks Standard Schema (valibot, zod, arktype …).
 *
 * @see https://standardschema.dev
 */
export type EventSchemas = { readonly [type: string]: StandardSchemaV1 };

/**
 * The payload types of a set of schemas, for declaring application events once for both ends.
 *
 * @example
 * ```ts
 * export const events = { invoice_ready: v.object({ invoice_id: v.string(), cents: v.number() }) };
 *
 * declare module '@ws/types' {
 *   interface ApplicationEvents extends InferEvents<typeof events> {}
 * }
 * ```
 */
export type InferEvents<Schemas extends EventSchemas> = {
  readonly [Type in keyof Schemas]: StandardSchemaV1.InferInput<Schemas[Type]>;
};

/**
 * Checks a payload against the schema of its type; types without one pass. The payload itself is what travels: what a schema
 * would change about it (defaults, transforms) is not applied. Never throws.
 *
 * Refusals: `INVALID_EVENT`, naming the field; `INVALID_OPTION` for a schema that answers asynchronously, or throws.
 */
export function checkApplicationPayload(
  schemas: EventSchemas | undefined,
  type: string,
  payload: unknown,
): ParseResult<unknown> {
  const schema = schemas !== undefined && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) return { ok: true, value: payload };
  try {
    return judge(schema, type, payload);
  } catch (cause) {
    return refuse('INVALID_OPTION', `the schema of ${type} threw: ${String(cause)}`);
  }
}

function judge(schema: StandardSchemaV1, type: string, payload: unknown): ParseResult<unknown> {
  const result = schema['~standard'].validate(payload);
  // Any thenable: a promise may come from another realm or library.
  if ('then' in result) {
    // Nothing waits for it: what it says comes too late.
    result.then(undefined, () => undefined);
    return refuse(
      'INVALID_OPTION',
      `the schema of ${type} checks asynchronously: events take synchronous schemas only`,
    );
  }
  const issue = result.issues?.[0];
  if (issue === undefined) return { ok: true, value: payload };
  const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  return refuse('INVALID_EVENT', `${type} payload: ${field === '' ? '' : `field ${field}: `}${issue.message}`);
}
