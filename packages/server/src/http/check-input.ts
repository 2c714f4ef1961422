import { WebSocketError } from '@ws/types';
import * as v from 'valibot';

/** Checks part of a request against a schema. Throws `BAD_REQUEST`, naming the field. */
export function checkInput<Value>(schema: v.GenericSchema<unknown, Value>, input: unknown, part: string): Value {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = v.getDotPath(issue);
  throw new WebSocketError('BAD_REQUEST', `${part}: ${field === null ? '' : `field ${field}: `}${issue.message}`);
}
