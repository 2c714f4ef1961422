/** What an event is about: its colour, and its lane on the timeline. */
export type EventKind = 'run' | 'thinking' | 'tool' | 'answer' | 'other';

export const EVENT_KINDS: readonly { readonly kind: EventKind; readonly label: string }[] = [
  { kind: 'run', label: 'Runs' },
  { kind: 'thinking', label: 'Reasoning' },
  { kind: 'tool', label: 'Tools' },
  { kind: 'answer', label: 'Answer' },
  { kind: 'other', label: 'Other' },
];

const KINDS: ReadonlyMap<string, EventKind> = new Map([
  ['agent_started', 'run'],
  ['agent_completed', 'run'],
  ['user_message', 'run'],
  ['agent_thinking', 'thinking'],
  ['tool_executing', 'tool'],
  ['tool_completed', 'tool'],
  ['tool_approval_requested', 'tool'],
  ['tool_approval_resolved', 'tool'],
  ['agent_response_chunk', 'answer'],
]);

export function kindOf(type: string): EventKind {
  return KINDS.get(type) ?? 'other';
}
