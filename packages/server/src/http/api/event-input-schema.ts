import { isId, PAYLOAD_SCHEMAS } from '@ws/types';
import * as v from 'valibot';
import type { Schema } from './operation.ts';

const id = v.custom<string>(isId, 'must be an id');

const envelope = {
  thread_id: v.exactOptional(v.pipe(id, v.description('the conversation'))),
  run_id: v.exactOptional(v.pipe(id, v.description('the execution of an agent'))),
  event_id: v.exactOptional(v.pipe(id, v.description('idempotency key: the same one again is the same event'))),
  traceparent: v.exactOptional(v.pipe(v.string(), v.description('trace context of W3C'))),
};

/** Events as a publisher writes them, for the description: the hub checks them against the same schemas of payloads. */
export const eventInputSchema: Schema = v.union([
  ...Object.entries(PAYLOAD_SCHEMAS).map(([type, payload]) =>
    v.strictObject({ type: v.literal(type), payload, ...envelope }),
  ),
  v.pipe(
    v.strictObject({ type: v.string(), payload: v.record(v.string(), v.unknown()), ...envelope }),
    v.description('an event of the application, under a name of its own'),
  ),
]);
