import * as v from 'valibot';
import { ERROR_CODES } from './error-codes.ts';
import type { ErrorCode } from './error-codes.ts';
import type { ClientFrame } from './client-frames.ts';
import type { StartFrom } from './position.ts';
import type { ControlFrame } from './server-frames.ts';
import { durationSchema, idSchema, jsonSchema, nameSchema, offsetSchema, timestampSchema } from './schema-parts.ts';

type SchemaByType<Frame extends { type: string }> = {
  readonly [Type in Frame['type']]: v.GenericSchema<unknown, Extract<Frame, { type: Type }>>;
};

const MAX_THREADS = 100;
const tokenSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(16_384));
const pingIdSchema = v.union([v.pipe(v.string(), v.maxLength(128)), v.number()]);
const modeSchema = v.picklist(['unified', 'isolated', 'degraded', 'emergency']);
const epochSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const positionSchema = v.object({ epoch: epochSchema, offset: offsetSchema });
const startFrom = v.lazy((given) => (typeof given === 'string' ? v.picklist(['earliest', 'latest']) : positionSchema));
/** The earlier spelling of `from`: `earliest` is the offset 0 without an epoch, and `latest` has no word. */
const resumePoint = v.pipe(
  v.object({ epoch: v.exactOptional(epochSchema), offset: offsetSchema }),
  v.check(({ epoch, offset }) => epoch !== undefined || offset === 0, 'an offset above 0 needs its epoch'),
  v.transform(({ epoch, offset }): StartFrom => (epoch === undefined ? 'earliest' : { epoch, offset })),
);
// Fields that are not known are passed over: a newer peer may say more. Known ones must be right.

/** Schema of each client frame, by type. */
export const CLIENT_FRAME_SCHEMAS: SchemaByType<ClientFrame> = {
  hello: v.pipe(
    v.object({
      type: v.literal('hello'),
      from: v.exactOptional(startFrom),
      resume: v.exactOptional(resumePoint),
      threads: v.exactOptional(v.pipe(v.array(idSchema), v.maxLength(MAX_THREADS))),
      batch: v.exactOptional(v.boolean()),
      parts: v.exactOptional(v.boolean()),
      token: v.exactOptional(tokenSchema),
    }),
    v.transform(({ resume, from = resume, ...hello }) => (from === undefined ? hello : { ...hello, from })),
  ),
  user_message: v.object({
    type: v.literal('user_message'),
    // Short enough that the ids derived from it are still ids.
    message_id: v.pipe(idSchema, v.maxLength(100)),
    thread_id: v.exactOptional(idSchema),
    payload: v.object({ text: v.pipe(v.string(), v.minLength(1)) }),
  }),
  cancel_run: v.object({ type: v.literal('cancel_run'), run_id: idSchema }),
  tool_approval: v.object({
    type: v.literal('tool_approval'),
    tool_call_id: idSchema,
    run_id: idSchema,
    approved: v.boolean(),
    reason: v.exactOptional(v.pipe(v.string(), v.maxLength(2000))),
  }),
  read_approval: v.object({ type: v.literal('read_approval'), tool_call_id: idSchema, run_id: idSchema }),
  set_threads: v.object({
    type: v.literal('set_threads'),
    request_id: idSchema,
    threads: v.exactOptional(v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(MAX_THREADS))),
  }),
  ack: v.object({ type: v.literal('ack'), offset: offsetSchema }),
  auth: v.object({ type: v.literal('auth'), token: tokenSchema }),
  ping: v.object({ type: v.literal('ping'), id: v.exactOptional(pingIdSchema) }),
};

const pendingApproval = v.object({
  tool_call_id: idSchema,
  tool_name: nameSchema,
  args: jsonSchema,
  args_omitted: v.exactOptional(v.literal(true)),
  expires_at: timestampSchema,
});

const openRun = v.object({
  run_id: idSchema,
  thread_id: v.exactOptional(idSchema),
  agent_name: nameSchema,
  started_offset: offsetSchema,
  pending_approvals: v.array(pendingApproval),
});

const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const runState = v.object({
  agent_name: nameSchema,
  status: v.picklist(['running', 'completed', 'failed', 'cancelled', 'interrupted']),
  thinking: v.string(),
  response: v.string(),
  tools: v.array(
    v.object({
      tool_call_id: idSchema,
      tool_name: nameSchema,
      args: jsonSchema,
      status: v.picklist(['executing', 'completed', 'failed']),
      result: v.exactOptional(jsonSchema),
      error: v.exactOptional(v.string()),
      duration_ms: v.exactOptional(durationSchema),
    }),
  ),
  omitted: v.exactOptional(v.object({ thinking: countSchema, response: countSchema, tools: countSchema })),
});

/** A code of a newer server is still an error: it is read as INTERNAL, with the message it came with. */
const errorCode: v.GenericSchema<unknown, ErrorCode> = v.pipe(
  v.string(),
  v.transform((code): ErrorCode => (Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'INTERNAL')),
);

/** Schema of each control frame of the server, by type. */
export const CONTROL_FRAME_SCHEMAS: SchemaByType<ControlFrame> = {
  connection_ready: v.object({
    type: v.literal('connection_ready'),
    connection_id: idSchema,
    user_id: idSchema,
    mode: modeSchema,
    epoch: v.string(),
    offset: offsetSchema,
    oldest_offset: offsetSchema,
    head_offset: offsetSchema,
    recovery: v.picklist(['new', 'resumed', 'reset']),
    heartbeat_ms: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    max_message_bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    expires_at: v.exactOptional(timestampSchema),
    open_runs: v.array(openRun),
  }),
  mode_changed: v.object({ type: v.literal('mode_changed'), mode: modeSchema, reason: v.string() }),
  auth_expiring: v.object({ type: v.literal('auth_expiring'), expires_at: timestampSchema }),
  auth_ok: v.object({ type: v.literal('auth_ok'), expires_at: v.exactOptional(timestampSchema) }),
  server_draining: v.object({ type: v.literal('server_draining'), reconnect_after_ms: durationSchema }),
  run_snapshot: v.object({
    type: v.literal('run_snapshot'),
    run_id: idSchema,
    thread_id: v.exactOptional(idSchema),
    offset: offsetSchema,
    state: runState,
  }),
  lagging: v.object({ type: v.literal('lagging'), offset: offsetSchema, head_offset: offsetSchema }),
  caught_up: v.object({ type: v.literal('caught_up'), offset: offsetSchema }),
  accepted: v.object({
    type: v.literal('accepted'),
    ref: idSchema,
    thread_id: v.exactOptional(idSchema),
    run_id: v.exactOptional(idSchema),
    args: v.exactOptional(jsonSchema),
    offset: v.exactOptional(offsetSchema),
    threads: v.exactOptional(v.array(idSchema)),
    open_runs: v.exactOptional(v.array(openRun)),
  }),
  error: v.object({
    type: v.literal('error'),
    code: errorCode,
    message: v.string(),
    fatal: v.boolean(),
    ref: v.exactOptional(v.string()),
  }),
  pong: v.object({ type: v.literal('pong'), id: v.exactOptional(pingIdSchema), timestamp: timestampSchema }),
  frame_part: v.object({ type: v.literal('frame_part'), seq: countSchema, last: v.boolean(), data: v.string() }),
};
