import type { ClientFrame } from './client-frames.ts';
import { CLIENT_FRAME_SCHEMAS } from './frame-schemas.ts';
import { isId } from './ids.ts';
import { check, isRecord, refuse, type ParseResult } from './parse-result.ts';

/**
 * Reads one text message of a client. Never throws.
 *
 * Refusals: `BAD_JSON`, `UNKNOWN_FRAME`, `INVALID_FRAME`.
 *
 * @example
 * ```ts
 * const result = parseClientFrame('{"type":"ping"}');
 * if (result.ok) answer(result.value);
 * else refuse(result.code, result.message);
 * ```
 */
export function parseClientFrame(text: string): ParseResult<ClientFrame> {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return refuse('BAD_JSON', 'the message is not valid JSON');
  }
  if (!isRecord(input)) return refuse('UNKNOWN_FRAME', 'a frame is a JSON object');
  const type = input['type'];
  if (typeof type !== 'string') return refuse('UNKNOWN_FRAME', 'the frame has no type');
  if (!isClientFrameType(type)) {
    return refuse('UNKNOWN_FRAME', `no frame of a client has the type ${JSON.stringify(type.slice(0, 64))}`);
  }
  return check<ClientFrame>(CLIENT_FRAME_SCHEMAS[type], input, 'INVALID_FRAME', type);
}

/** What an `error` that answers a refused text can refer to, so that its sender knows which frame is meant. */
export function refOfRefused(text: string): string | undefined {
  try {
    const input: unknown = JSON.parse(text);
    if (!isRecord(input)) return undefined;
    return REF_FIELDS.map((field) => input[field]).find(isId);
  } catch {
    return undefined;
  }
}

const REF_FIELDS = ['message_id', 'tool_call_id', 'run_id', 'request_id'] as const;

function isClientFrameType(type: string): type is ClientFrame['type'] {
  return Object.hasOwn(CLIENT_FRAME_SCHEMAS, type);
}
