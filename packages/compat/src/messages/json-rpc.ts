import { WebSocketError, type JsonObject } from '@ws/types';
import { noteUse } from '../deprecated-use.ts';
import { toJsonObject } from '../legacy-emit/json-safe.ts';
import { standardMessage } from './message-helpers.ts';
import type { JsonRpcMessage, WebSocketMessage } from './old-messages.ts';

/** @deprecated WSDEP045: use the frames of `@ws/types`. Removed in 2.0.0. */
export function isJsonrpcMessage(message: unknown): message is JsonRpcMessage {
  noteUse('isJsonrpcMessage', isJsonrpcMessage);
  return isJsonRpc(message);
}

/**
 * A JSON-RPC message in the old shape: a call under the name of its method with its parameters, an answer as `jsonrpc_response`, a
 * failure as `jsonrpc_error`.
 *
 * @throws `INVALID_EVENT` for what is no JSON-RPC message
 * @deprecated WSDEP046: use the frames of `@ws/types`. Removed in 2.0.0.
 */
export function convertJsonrpcToWebsocketMessage(message: unknown): WebSocketMessage {
  noteUse('convertJsonrpcToWebsocketMessage', convertJsonrpcToWebsocketMessage);
  if (!isJsonRpc(message)) throw new WebSocketError('INVALID_EVENT', 'the message is not one of JSON-RPC 2.0');
  const { id, method, params, result, error } = message;
  const ref: JsonObject = id === undefined ? {} : { jsonrpc_id: id };
  if (method !== undefined) return standardMessage(method, { ...fieldsOf(params), ...ref });
  if (error !== undefined) return standardMessage('jsonrpc_error', { error, ...ref });
  return standardMessage('jsonrpc_response', { result: result ?? null, ...ref });
}

function isJsonRpc(message: unknown): message is JsonRpcMessage {
  return typeof message === 'object' && message !== null && 'jsonrpc' in message && message.jsonrpc === '2.0';
}

function fieldsOf(params: unknown): JsonObject {
  if (params === undefined || params === null) return {};
  return typeof params === 'object' && !Array.isArray(params) ? toJsonObject(params) : { params: params as JsonObject };
}
