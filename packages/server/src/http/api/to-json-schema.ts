import { toJsonSchema as convert, type JsonSchema } from '@valibot/to-json-schema';
import { MAX_ID_LENGTH } from '@ws/types';
import type { Schema } from './operation.ts';

const ID: JsonSchema = { type: 'string', minLength: 1, maxLength: MAX_ID_LENGTH, pattern: '^[^\\s]+$' };

/** The checks of `@ws/types` that are functions, told apart by what they say of a wrong value. */
const CUSTOM: readonly (readonly [RegExp, JsonSchema])[] = [
  [/visible characters|must be an id/, ID],
  [/JSON object/, { type: 'object' }],
  [/JSON value/, {}],
];

/**
 * A schema as JSON Schema of the dialect that OpenAPI 3.1 uses: what the server takes, before it transforms anything.
 *
 * @throws an `Error` for a check that cannot be described
 */
export function toJsonSchema(schema: Schema): JsonSchema {
  const { $schema: _, ...described } = convert(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    // Relations between fields have no words in JSON Schema.
    ignoreActions: ['check', 'raw_check', 'transform', 'finite'],
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.type === 'safe_integer' ? { ...jsonSchema, type: 'integer' } : undefined,
    overrideSchema: ({ valibotSchema }) => {
      if (valibotSchema.type !== 'custom') return undefined;
      const message = 'message' in valibotSchema ? String(valibotSchema.message) : '';
      const known = CUSTOM.find(([pattern]) => pattern.test(message));
      if (known === undefined) throw new Error(`the API description has no words for a check that says: ${message}`);
      return known[1];
    },
  });
  return described;
}
