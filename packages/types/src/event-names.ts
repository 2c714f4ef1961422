import type { ProtocolEvents } from './events.ts';
import { nearestName } from './near-miss.ts';
import type { ControlFrameType } from './server-frames.ts';

const PROTOCOL_EVENT_TYPES: readonly (keyof ProtocolEvents)[] = [
  'agent_started',
  'agent_thinking',
  'tool_executing',
  'tool_completed',
  'agent_completed',
  'agent_response_chunk',
  'tool_approval_requested',
  'tool_approval_resolved',
  'user_message',
];

// A record, so that a new control frame that is not reserved here fails to compile.
const RESERVED: { readonly [Type in ControlFrameType]: true } = {
  connection_ready: true,
  mode_changed: true,
  auth_expiring: true,
  auth_ok: true,
  server_draining: true,
  run_snapshot: true,
  lagging: true,
  caught_up: true,
  accepted: true,
  error: true,
  pong: true,
  frame_part: true,
};

/**
 * What a client tells of beside events, under names that no event has: `client.on(name, …)` takes both. Reserved on the wire, so that no
 * publisher sends an event that a client's application can't ask for by its name.
 */
export const SIGNAL_NAMES = Object.freeze([
  'state',
  'ready',
  'reset',
  'runSnapshot',
  'openRuns',
  'approvalsRead',
  'threads',
  'mode',
  'volatile',
  'error',
] as const);

/** Name of a signal of a client. */
export type SignalName = (typeof SIGNAL_NAMES)[number];

const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_.:/-]{0,127}$/;

/** Verdict on an event type: usable as it is, or why it is not. */
export type EventNameVerdict =
  | { readonly kind: 'protocol' | 'application' }
  | { readonly kind: 'ill_formed' | 'reserved' }
  | { readonly kind: 'near_miss'; readonly meant: keyof ProtocolEvents };

const known = new Map<string, EventNameVerdict>(
  PROTOCOL_EVENT_TYPES.map((type): [string, EventNameVerdict] => [type, { kind: 'protocol' }]),
);
for (const type of [...Object.keys(RESERVED), ...SIGNAL_NAMES]) known.set(type, { kind: 'reserved' });

const MAX_REMEMBERED_NAMES = 1024;

/**
 * Judges an event type. A name within two typing errors of a protocol event (`agent_stared`, `agnt_started`) is refused
 * rather than guessed or passed on as an application event: the user's screen would wait for ever for the right one.
 */
export function judgeEventName(type: string): EventNameVerdict {
  const remembered = known.get(type);
  if (remembered !== undefined) return remembered;
  const verdict = judge(type);
  // Application names are few and short; the cap keeps a publisher of random names from growing the map.
  if (verdict.kind === 'application' && known.size < MAX_REMEMBERED_NAMES) known.set(type, verdict);
  return verdict;
}

function judge(type: string): EventNameVerdict {
  if (!NAME_PATTERN.test(type)) return { kind: 'ill_formed' };
  const meant = nearestName(type, PROTOCOL_EVENT_TYPES);
  return meant === undefined ? { kind: 'application' } : { kind: 'near_miss', meant };
}
