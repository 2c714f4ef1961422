import * as v from 'valibot';

/** Schemas of answers: what is described, and what tests hold the answers to. */

const offset = v.pipe(v.number(), v.integer(), v.minValue(0));
const timestamp = v.pipe(v.number(), v.integer(), v.minValue(0), v.description('milliseconds since 1970'));
const anyObject = v.record(v.string(), v.unknown());

export const publishedSchema = v.object({
  epoch: v.string(),
  offsets: v.pipe(v.array(offset), v.description('one for each event, in order')),
});

const eventSchema = v.pipe(
  v.looseObject({
    type: v.string(),
    offset,
    event_id: v.string(),
    timestamp,
    payload: anyObject,
    thread_id: v.exactOptional(v.string()),
    run_id: v.exactOptional(v.string()),
    prev: v.exactOptional(offset),
    traceparent: v.exactOptional(v.string()),
  }),
  v.description('an event as it is on the wire'),
);

export const historyPageSchema = v.object({
  epoch: v.string(),
  oldest_offset: v.pipe(offset, v.description('the oldest event that is kept')),
  head_offset: offset,
  recovery: v.pipe(
    v.picklist(['resumed', 'reset']),
    v.description('`reset`: the position asked for is not kept any more, the page begins with the oldest event'),
  ),
  next_from: v.exactOptional(
    v.pipe(v.string(), v.description('`from` of the next page; absent at the end of the stream, and only there')),
  ),
  events: v.array(eventSchema),
});

export const eventStreamSchema = v.pipe(
  v.string(),
  v.description(
    'Server-Sent Events: `id: epoch:offset` and the frame as `data`; control frames are named after their type',
  ),
);

export const ticketSchema = v.object({ ticket: v.string(), expires_at: timestamp, connection_expires_at: timestamp });

export const revokedSchema = v.object({
  user_id: v.string(),
  token_id: v.exactOptional(v.string()),
  expires_at: v.pipe(timestamp, v.description('until when the revocation is kept')),
  valid_from: v.exactOptional(
    v.pipe(
      timestamp,
      v.description('new credentials are good that were issued from then on; absent where one token was revoked'),
    ),
  ),
  written: v.pipe(v.boolean(), v.description('whether the log has it, and with it the other nodes')),
});

export const extendedRunSchema = v.object({
  run_id: v.string(),
  expires_at: v.pipe(timestamp, v.description('when the run counts as lost, unless something is heard of it before')),
});

const agentCallSchema = v.object({
  call_id: v.pipe(v.string(), v.description('the same for each attempt: take it once')),
  type: v.picklist(['user_message', 'cancel_run', 'tool_approval']),
  user_id: v.string(),
  thread_id: v.exactOptional(v.string()),
  run_id: v.pipe(v.string(), v.description('the run that is to answer, or that is cancelled or decided upon')),
  timestamp,
  payload: anyObject,
  attempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

export const claimSchema = v.object({
  claim_id: v.pipe(v.string(), v.description('names the claim in `extend` and `ack`')),
  expires_at: v.pipe(v.number(), v.integer(), v.description("until when the calls are the agent's; 0 without calls")),
  calls: v.array(agentCallSchema),
});

const callIds = v.array(v.string());

export const claimedSchema = v.object({
  held: v.pipe(callIds, v.description("calls that were the agent's")),
  lost: v.pipe(callIds, v.description("calls that are over, or another agent's by now: stop working on them")),
  expires_at: v.exactOptional(timestamp),
});

const listedCallSchema = v.looseObject({
  call_id: v.string(),
  type: v.string(),
  user_id: v.string(),
  run_id: v.string(),
  timestamp,
  attempts: v.number(),
});

export const agentCallListSchema = v.object({
  waiting: v.array(listedCallSchema),
  failed: v.pipe(v.array(listedCallSchema), v.description('given up within a day, the newest 1,000')),
});

export const sentAgainSchema = v.object({ call_id: v.string(), run_id: v.string() });

export const acceptedSchema = v.object({
  type: v.literal('accepted'),
  ref: v.pipe(v.string(), v.description('the `message_id`, `run_id` or `tool_call_id` asked with')),
  thread_id: v.exactOptional(v.string()),
  run_id: v.exactOptional(v.string()),
  args: v.exactOptional(v.pipe(v.unknown(), v.description('what `read_approval` asked for'))),
});

export const aliveSchema = v.object({ status: v.literal('ok') });

export const readySchema = v.looseObject({
  status: v.picklist(['ready', 'draining', 'unavailable']),
  mode: v.string(),
  log: v.looseObject({ name: v.string(), reachable: v.boolean() }),
});

export const debugStateSchema = v.looseObject({
  node: anyObject,
  mode: v.string(),
  totals: anyObject,
  counters: anyObject,
  connections: v.array(anyObject),
  streams: v.array(anyObject),
});

export const developmentTokenSchema = v.object({ token: v.string(), expires_at: timestamp });

export const metricsSchema = v.pipe(v.string(), v.description('the text format of Prometheus'));

export const problemSchema = v.object({
  type: v.pipe(v.string(), v.description('where the code is explained')),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.pipe(v.string(), v.description('stable: see the table of codes')),
  retry: v.pipe(v.boolean(), v.description('whether the same request may succeed later')),
  error: v.object({ code: v.string(), message: v.string() }),
});
