import type { HubOptions } from '../../src/index.ts';
import type { AgentCall, CallOutcome, RemoteAgent } from '../../src/internal.ts';
import type { FakeClock, FakeSocket } from '../../src/testing.ts';
import { setUp, type World } from './world.ts';

/** An agent in another process: what it was called for, and what it answers next. */
export class AgentElsewhere {
  readonly calls: AgentCall[] = [];
  readonly aborted: string[] = [];
  answer: (call: AgentCall) => CallOutcome | Promise<CallOutcome> = () => ({ kind: 'taken' });

  onCall: (call: AgentCall) => void = () => undefined;

  readonly deliver = async (call: AgentCall, signal: AbortSignal): Promise<CallOutcome> => {
    this.calls.push(call);
    this.onCall(call);
    signal.addEventListener('abort', () => this.aborted.push(call.callId));
    return this.answer(call);
  };

  /** Types and texts of the calls so far, in order. */
  get heard(): readonly string[] {
    return this.calls.map(({ type, payload }) =>
      type === 'user_message' ? JSON.stringify(payload['text']).slice(1, -1) : type,
    );
  }
}

export interface ElsewhereOptions extends Omit<HubOptions, 'agent' | 'clock'> {
  readonly clock?: FakeClock;
  readonly agent?: Omit<RemoteAgent, 'deliver'>;
}

/** A hub whose agent is called in another process; waits are half of the longest. */
export function withAgentElsewhere(
  agent: AgentElsewhere,
  { agent: options, ...hub }: ElsewhereOptions = {},
): World & { readonly tab: () => Promise<FakeSocket> } {
  const world = setUp({ ...hub, agent: { deliver: agent.deliver, random: () => 0.5, ...options } });
  return { ...world, tab: () => world.connected('alice') };
}

/** Says something in a thread and waits for what follows. */
export async function say(
  { clock }: Pick<World, 'clock'>,
  tab: FakeSocket,
  text: string,
  { thread = 't1', id = text }: { readonly thread?: string; readonly id?: string } = {},
): Promise<void> {
  tab.say({ type: 'user_message', message_id: id, thread_id: thread, payload: { text } });
  await clock.advance(1);
}

/** Frames of a promise that resolves when it is told to. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
