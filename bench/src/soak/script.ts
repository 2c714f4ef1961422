import { foldRunEvent, type RunState } from '@ws/types';
import { hash } from '../random.ts';

/** A user as the script knows it. */
export interface Persona {
  readonly userId: string;
  readonly seed: number;
  /** Some users' tools return a lot, so that a socket that is not read fills up. */
  readonly resultChars: number;
}

/** An event as it is published, without what the server adds. */
export interface ScriptedEvent {
  readonly type: string;
  readonly event_id: string;
  readonly run_id: string;
  readonly thread_id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Threads of a user; its runs take turns. */
export const THREADS = ['t0', 't1', 't2'] as const;
export const RUN_EVENTS = 24;
const LANES = 2;
/** Events of one run before it is the other's turn. */
const TURN = 4;
/** So many events, and every run that was begun has ended. */
export const BLOCK = RUN_EVENTS * LANES;
const THOUGHTS_END = 6;
const RESPONSE_BEGIN = 9;

/** What JSON, UTF-8 and the joining of escaped text could stumble over. */
const PIECES = [
  'look ',
  'at the ',
  'numbers, ',
  'line\nbreak ',
  'a "quote" ',
  'back\\slash ',
  '\\"} ',
  '"}},"payload":{"delta":" ',
  'grüße ',
  '東京 ',
  '🎉 ',
  '\u2028',
  '</script> ',
  '\u0000',
  '{"offset":1} ',
];

interface Place {
  readonly run: number;
  readonly step: number;
}

/**
 * The one script of every user: which event stands at which offset. Two runs at a time take turns, each with the five events and
 * text between them. Nothing is stored, so that a check knows every event of however long a run.
 */
export function eventAt(persona: Persona, offset: number): ScriptedEvent {
  const { run, step } = placeOf(offset);
  const run_id = `${persona.userId}-r${run}`;
  const call = { tool_call_id: `${run_id}-c`, tool_name: 'count' };
  const event = (type: string, payload: ScriptedEvent['payload']): ScriptedEvent => ({
    type,
    event_id: `${persona.userId}-${offset}`,
    run_id,
    thread_id: threadOf(run),
    payload,
  });
  if (step === 0) return event('agent_started', { agent_name: `agent of ${persona.userId}` });
  if (step <= THOUGHTS_END) return event('agent_thinking', { delta: deltaAt(persona, offset) });
  if (step === THOUGHTS_END + 1) return event('tool_executing', { ...call, args: { path: `${offset}.ts` } });
  if (step < RESPONSE_BEGIN) {
    const result = `${offset}:`.padEnd(persona.resultChars, 'x');
    return event('tool_completed', { ...call, success: true, result, duration_ms: 5 });
  }
  if (step < RUN_EVENTS - 1) return event('agent_response_chunk', { delta: deltaAt(persona, offset) });
  return event('agent_completed', { status: 'completed', duration_ms: 9 });
}

export function threadAt(offset: number): string {
  return threadOf(placeOf(offset).run);
}

/** Runs of some threads that have begun and not ended once everything up to `offset` has happened, as a screen shows them. */
export function openRunsAt(persona: Persona, offset: number, sees: (thread: string) => boolean): Map<string, RunState> {
  const runs = new Map<string, RunState>();
  for (let at = offset - ((offset - 1) % BLOCK); at <= offset; at += 1) {
    const event = eventAt(persona, at);
    if (!sees(event.thread_id)) continue;
    runs.set(event.run_id, foldRunEvent(runs.get(event.run_id), event));
  }
  for (const [runId, { status }] of runs) if (status !== 'running') runs.delete(runId);
  return runs;
}

function placeOf(offset: number): Place {
  const index = offset - 1;
  const within = index % BLOCK;
  const turn = Math.floor(within / TURN);
  return {
    run: Math.floor(index / BLOCK) * LANES + (turn % LANES),
    step: Math.floor(turn / LANES) * TURN + (within % TURN),
  };
}

function threadOf(run: number): string {
  return `t${run % THREADS.length}`;
}

function deltaAt({ userId, seed }: Persona, offset: number): string {
  const dice = hash(seed, offset);
  let text = `${userId}.${offset} `;
  for (let n = dice % 8; n >= 0; n -= 1) text += PIECES[hash(dice, n) % PIECES.length] ?? '';
  // Half of a surrogate pair at the end: models do cut text like this.
  return dice % 16 === 0 ? `${text}\ud83d` : text;
}
