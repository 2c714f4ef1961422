import type { ProtocolEvents } from '@ws/types';

/** Names that publishers of the first system gave to the events of the protocol. */
const EVENT_TYPE_ALIASES = {
  agent_start: 'agent_started',
  agent_progress: 'agent_thinking',
  tool_execute: 'tool_executing',
  tool_call: 'tool_executing',
  tool_complete: 'tool_completed',
  tool_result: 'tool_completed',
  agent_complete: 'agent_completed',
  agent_response: 'agent_completed',
  agent_finished: 'agent_completed',
} as const satisfies Readonly<Record<string, keyof ProtocolEvents>>;

/** Names that clients of the first system gave to a message of the user. */
const USER_MESSAGE_ALIASES = ['user', 'user_input', 'chat_message', 'message', 'chat'] as const;

/** The canonical name of an event, or the name itself: near misses are left for the core to refuse, never guessed. */
export function canonicalEventType(type: string): string {
  return Object.hasOwn(EVENT_TYPE_ALIASES, type) ? EVENT_TYPE_ALIASES[type as keyof typeof EVENT_TYPE_ALIASES] : type;
}

/** Tells whether a client meant a message of its user. */
export function isUserMessageType(type: string): boolean {
  return type === 'user_message' || (USER_MESSAGE_ALIASES as readonly string[]).includes(type);
}
