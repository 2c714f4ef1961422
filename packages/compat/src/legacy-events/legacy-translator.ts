import type { WireFrame } from '@ws/types';
import type { LegacyShape } from './legacy-shape.ts';
import { toLegacyEvent } from './to-legacy-event.ts';

/**
 * Turns the frames of one connection into an old shape. It learns from the frames themselves what the old shapes say and events
 * don't: the user from `connection_ready`, the agent of a run from its start. Frames that are not events stay as they are, for
 * the first system had none of them.
 */
export class LegacyTranslator {
  /** Threads whose events are passed on; `null` is all. Events of no thread always are. */
  threads: ReadonlySet<string> | null = null;
  readonly #shape: LegacyShape;
  readonly #agents = new Map<string, string>();
  #userId = '';

  constructor(shape: LegacyShape) {
    this.#shape = shape;
  }

  /** One text message: a frame, or a batch of them. `undefined` if nothing of it is passed on. */
  translate(text: string): string | undefined {
    // The core encoded it: what it holds is a frame of the protocol.
    const message = JSON.parse(text) as WireFrame | readonly WireFrame[];
    const frames = Array.isArray(message) ? (message as readonly WireFrame[]) : [message as WireFrame];
    const passed = frames.flatMap((frame) => this.#frame(frame) ?? []);
    const [only] = passed;
    if (only === undefined) return undefined;
    if (Array.isArray(message)) return JSON.stringify(passed);
    return only === message ? text : JSON.stringify(only);
  }

  #frame(frame: WireFrame): object | undefined {
    if (frame.type === 'connection_ready' && 'open_runs' in frame) {
      this.#userId = frame.user_id;
      for (const run of frame.open_runs) this.#agents.set(run.run_id, run.agent_name);
      return frame;
    }
    if (!('event_id' in frame)) return frame;
    const { type, run_id: runId, thread_id: threadId, payload } = frame;
    const started = type === 'agent_started' ? payload['agent_name'] : undefined;
    if (runId !== undefined && typeof started === 'string') this.#agents.set(runId, started);
    const agentName = runId === undefined ? undefined : this.#agents.get(runId);
    if (runId !== undefined && type === 'agent_completed') this.#agents.delete(runId);
    if (this.threads !== null && threadId !== undefined && !this.threads.has(threadId)) return undefined;
    const context = { userId: this.#userId, ...(agentName === undefined ? {} : { agentName }) };
    return toLegacyEvent(frame, this.#shape, context);
  }
}
