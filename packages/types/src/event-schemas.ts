import * as v from 'valibot';
import type {
  AgentCompletedPayload,
  AgentStartedPayload,
  DeltaPayload,
  ProtocolEvents,
  ToolApprovalRequestedPayload,
  ToolApprovalResolvedPayload,
  ToolCompletedPayload,
  ToolExecutingPayload,
  UserMessagePayload,
} from './events.ts';
import { durationSchema, idSchema, jsonObjectSchema, jsonSchema, nameSchema, timestampSchema } from './schema-parts.ts';

// Payloads are loose objects: a newer publisher may say more than this version knows, and nothing it says is dropped.

const agentStarted: v.GenericSchema<AgentStartedPayload> = v.looseObject({
  agent_name: nameSchema,
  task: v.exactOptional(v.string()),
  parent_run_id: v.exactOptional(idSchema),
});

const delta: v.GenericSchema<DeltaPayload> = v.looseObject({ delta: v.string() });

const toolExecuting: v.GenericSchema<ToolExecutingPayload> = v.looseObject({
  tool_call_id: idSchema,
  tool_name: nameSchema,
  args: jsonSchema,
});

const toolCompleted: v.GenericSchema<ToolCompletedPayload> = v.looseObject({
  tool_call_id: idSchema,
  tool_name: nameSchema,
  success: v.boolean(),
  result: v.exactOptional(jsonSchema),
  error: v.exactOptional(v.string()),
  duration_ms: durationSchema,
});

const agentCompleted: v.GenericSchema<AgentCompletedPayload> = v.looseObject({
  status: v.picklist(['completed', 'failed', 'cancelled', 'interrupted']),
  final_response: v.exactOptional(v.string()),
  error: v.exactOptional(v.string()),
  usage: v.exactOptional(jsonObjectSchema),
  duration_ms: durationSchema,
});

const toolApprovalRequested: v.GenericSchema<ToolApprovalRequestedPayload> = v.looseObject({
  tool_call_id: idSchema,
  tool_name: nameSchema,
  args: jsonSchema,
  expires_at: timestampSchema,
});

const toolApprovalResolved: v.GenericSchema<ToolApprovalResolvedPayload> = v.looseObject({
  tool_call_id: idSchema,
  approved: v.boolean(),
  reason: v.exactOptional(v.string()),
});

const userMessage: v.GenericSchema<UserMessagePayload> = v.looseObject({
  message_id: idSchema,
  text: v.pipe(v.string(), v.minLength(1)),
});

/** Payload schema by event type, for the types the protocol names. */
export const PAYLOAD_SCHEMAS: { readonly [Type in keyof ProtocolEvents]: v.GenericSchema<ProtocolEvents[Type]> } = {
  agent_started: agentStarted,
  agent_thinking: delta,
  tool_executing: toolExecuting,
  tool_completed: toolCompleted,
  agent_completed: agentCompleted,
  agent_response_chunk: delta,
  tool_approval_requested: toolApprovalRequested,
  tool_approval_resolved: toolApprovalResolved,
  user_message: userMessage,
};

/** The schema of a type's payload: an application event may carry any JSON object. */
export function payloadSchema(type: string): v.GenericSchema<unknown> {
  return Object.hasOwn(PAYLOAD_SCHEMAS, type) ? PAYLOAD_SCHEMAS[type as keyof ProtocolEvents] : jsonObjectSchema;
}
