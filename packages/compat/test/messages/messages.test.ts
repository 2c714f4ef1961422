import { createHub } from '@ws/core';
import { describe, expect, it } from 'vitest';
import * as validators from '../../src/legacy-modules/event_validator.ts';
import { ConnectionStateMachine } from '../../src/legacy-modules/connection_state_machine.ts';
import * as old from '../../src/legacy-modules/types.ts';
import { LegacySocketDouble } from '../support/legacy-socket.ts';
import { legacyWorld } from '../support/legacy-world.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

describe('messages of the old shape', () => {
  it('are made', () => {
    expect(old.createServerMessage('agent_progress', { step: 1 }, 'c1')).toMatchObject({
      type: 'agent_thinking',
      data: { step: 1 },
      correlation_id: 'c1',
    });
    expect(old.createErrorMessage('E1', 'no', { field: 'x' })).toMatchObject({
      type: 'error',
      error_code: 'E1',
      error_message: 'no',
      details: { field: 'x' },
    });
    const standard = old.createStandardMessage('notice', { text: 'x' }, { userId: 'u1', threadId: 't1' });
    expect(standard).toMatchObject({ type: 'notice', payload: { text: 'x' }, user_id: 'u1', thread_id: 't1' });
    expect(standard.timestamp).toBeCloseTo(Date.now() / 1000, 0);
  });

  it('are JSON whatever they held', () => {
    const message = { at: new Date(0), ids: new Set([1]), by: new Map([['a', 1]]), big: 1n, bad: NaN, none: undefined };
    expect(old.serializeMessageSafely({ ...message, failed: new Error('no'), made: { toJSON: () => 'x' } })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      ids: [1],
      by: { a: 1 },
      big: '1',
      bad: null,
      failed: { name: 'Error', message: 'no' },
      made: 'x',
    });
    expect(old.serializeMessageSafely('text')).toEqual({ value: 'text' });
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => old.serializeMessageSafely(circle)).toThrow(/circles/);
  });

  it.each([
    ['agent_start', 'agent_started'],
    ['agent_complete', 'agent_completed'],
    ['tool_execute', 'tool_executing'],
    ['tool_complete', 'tool_completed'],
    ['agent_progress', 'agent_thinking'],
    ['agent_response', 'agent_completed'],
    ['agent_finished', 'agent_completed'],
    ['tool_call', 'tool_executing'],
    ['tool_result', 'tool_completed'],
    ['user', 'user_message'],
    ['user_input', 'user_message'],
    ['chat_message', 'user_message'],
    ['message', 'user_message'],
    ['chat', 'user_message'],
    ['agent_started', 'agent_started'],
    ['invoice_ready', 'invoice_ready'],
  ])('of type %s are %s', (type, canonical) => {
    expect(old.normalizeMessageType(type)).toBe(canonical);
    expect(old.getFrontendMessageType(type)).toBe(canonical);
  });

  it('are never guessed from a near miss', () => {
    for (const type of ['agent_stared', 'tool_excuting', 'agnt_completed']) {
      expect(() => old.normalizeMessageType(type)).toThrow(expect.objectContaining({ code: 'UNKNOWN_EVENT_TYPE' }));
    }
    expect(() => old.normalizeMessageType('')).toThrow(expect.objectContaining({ code: 'INVALID_EVENT' }));
  });

  it('come from JSON-RPC', () => {
    const call = { jsonrpc: '2.0', id: 7, method: 'tool_call', params: { name: 'x' } };
    expect(old.isJsonrpcMessage(call)).toBe(true);
    expect(old.isJsonrpcMessage({ id: 7 })).toBe(false);
    expect(old.convertJsonrpcToWebsocketMessage(call)).toMatchObject({
      type: 'tool_executing',
      payload: { name: 'x', jsonrpc_id: 7 },
    });
    expect(old.convertJsonrpcToWebsocketMessage({ jsonrpc: '2.0', id: 7, result: 1 })).toMatchObject({
      type: 'jsonrpc_response',
      payload: { result: 1 },
    });
    expect(old.convertJsonrpcToWebsocketMessage({ jsonrpc: '2.0', error: { code: 1 } })).toMatchObject({
      type: 'jsonrpc_error',
    });
    expect(old.convertJsonrpcToWebsocketMessage({ jsonrpc: '2.0', method: 'sum', params: [1] })).toMatchObject({
      payload: { params: [1] },
    });
    expect(() => old.convertJsonrpcToWebsocketMessage({})).toThrow(/JSON-RPC/);
  });
});

describe('enumerations', () => {
  it('have the old names, two of which are one', () => {
    expect(old.ConnectionState).toBe(old.WebSocketConnectionState);
    expect(old.WebSocketConnectionState.CONNECTED).toBe(old.WebSocketConnectionState.ACTIVE);
    expect(old.WebSocketConnectionState.DISCONNECTING).toBe(old.WebSocketConnectionState.CLOSING);
    expect(old.WebSocketConnectionState.DISCONNECTED).toBe(old.WebSocketConnectionState.CLOSED);
    expect(old.WebSocketConnectionState.ERROR).toBe(old.WebSocketConnectionState.FAILED);
    expect(Object.keys(old.WebSocketConnectionState)).toHaveLength(9);
    expect(old.WebSocketManagerMode).toEqual({
      UNIFIED: 'unified',
      ISOLATED: 'isolated',
      EMERGENCY: 'emergency',
      DEGRADED: 'degraded',
    });
    expect(old.MessageType.AGENT_STARTED).toBe('agent_started');
    expect(old.ReconnectionState.RECONNECTING).toBe('reconnecting');
  });
});

describe('validators', () => {
  it('are one class, and check as an emit would', () => {
    expect(validators.WebSocketEventValidator).toBe(validators.UnifiedEventValidator);
    expect(validators.AgentEventValidator).toBe(validators.UnifiedEventValidator);
    const validator = new validators.UnifiedEventValidator();
    expect(validator.validate({ type: 'agent_start', payload: { agent_name: 'a' } })).toEqual({
      isValid: true,
      errors: [],
    });
    expect(validator.validateEvent({ type: 'agent_stared' }).errors[0]).toContain('did you mean agent_started');
    expect(validator.validate_event({ type: 'agent_completed', status: 'half' }).isValid).toBe(false);
    expect(validator.validate('text').isValid).toBe(false);
  });
});

it('a state machine is a view of the connection', async () => {
  const { manager, clock } = legacyWorld();
  const session = manager.handleConnection(new LegacySocketDouble(), { legacyEvents: 'flat' });
  await clock.settle();
  const { connection } = session;
  if (connection === undefined) throw new Error('the connection was not opened');
  const machine = new ConnectionStateMachine(connection);
  expect([machine.state, machine.currentState, machine.isConnected]).toEqual(['connected', 'connected', true]);
  connection.close('NORMAL');
  expect(machine.state).toBe('disconnecting');
  session.closed();
  expect(machine.state).toBe('disconnected');
  await createHub().close();
});
