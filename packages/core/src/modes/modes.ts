import { WebSocketManagerMode, type ThreadId } from '@ws/types';
import { INITIAL_MODE_STATE, isShedding, modeOf, reduceMode, type ModeInput } from './mode-machine.ts';

/** Told of each change of mode. */
export type ModeListener = (mode: WebSocketManagerMode, reason: string) => void;

/** The mode of a hub, and who wants to know of it. */
export class Modes {
  readonly #onChange: ModeListener;
  #state = INITIAL_MODE_STATE;

  constructor(onChange: ModeListener) {
    this.#onChange = onChange;
  }

  get mode(): WebSocketManagerMode {
    return modeOf(this.#state);
  }

  /** The mode as a connection, or a manager, sees it that is bound to a thread, or to none. */
  modeFor(isolatedThread: ThreadId | undefined): WebSocketManagerMode {
    const { mode } = this;
    const isIsolated = mode === WebSocketManagerMode.UNIFIED && isolatedThread !== undefined;
    return isIsolated ? WebSocketManagerMode.ISOLATED : mode;
  }

  /** Whether load is shed: new connections refused, text joined hard. */
  get shedding(): boolean {
    return isShedding(this.#state);
  }

  /** Takes note of something; listeners hear of it if the mode changes. */
  note(input: ModeInput, reason: string): void {
    const before = this.mode;
    this.#state = reduceMode(this.#state, input);
    if (this.mode !== before) this.#onChange(this.mode, reason);
  }
}
