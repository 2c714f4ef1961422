import { WebSocketManagerMode } from '@ws/types';

/** What the mode depends on. */
export interface ModeState {
  readonly log: 'reachable' | 'away';
  readonly load: 'normal' | 'high';
  /** Whether a person asked to shed load. */
  readonly shedByHand: boolean;
}

/** What can change it. The hysteresis lies with those who send these: `LogCircuitBreaker` and `LoadMonitor`. */
export type ModeInput = 'log_lost' | 'log_back' | 'load_high' | 'load_normal' | 'shed_on' | 'shed_off';

export const INITIAL_MODE_STATE: ModeState = { log: 'reachable', load: 'normal', shedByHand: false };

/** The one function that changes the state. Returns the same object when nothing changes. */
export function reduceMode(state: ModeState, input: ModeInput): ModeState {
  switch (input) {
    case 'log_lost':
      return state.log === 'away' ? state : { ...state, log: 'away' };
    case 'log_back':
      return state.log === 'reachable' ? state : { ...state, log: 'reachable' };
    case 'load_high':
      return state.load === 'high' ? state : { ...state, load: 'high' };
    case 'load_normal':
      return state.load === 'normal' ? state : { ...state, load: 'normal' };
    case 'shed_on':
      return state.shedByHand ? state : { ...state, shedByHand: true };
    case 'shed_off':
      return state.shedByHand ? { ...state, shedByHand: false } : state;
  }
}

/**
 * The mode that is told to clients:
 *
 * ```
 * unified ──log_lost──▶ degraded ──log_back──▶ unified
 * unified ──load_high, shed_on──▶ emergency ──load_normal and shed_off──▶ unified
 * ```
 *
 * With both troubles at once it is `degraded`, since that changes what an event on the screen is worth; load is shed all the same.
 */
export function modeOf(state: ModeState): WebSocketManagerMode {
  if (state.log === 'away') return WebSocketManagerMode.DEGRADED;
  return isShedding(state) ? WebSocketManagerMode.EMERGENCY : WebSocketManagerMode.UNIFIED;
}

/** Whether new connections are refused and text is joined hard. */
export function isShedding(state: ModeState): boolean {
  return state.load === 'high' || state.shedByHand;
}
