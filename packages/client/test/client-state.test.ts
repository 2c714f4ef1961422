import { describe, expect, it } from 'vitest';
import { reduceState, type ClientAction, type ClientState } from '../src/client-state.ts';

const STATES: { readonly [Status in ClientState['status']]: Extract<ClientState, { status: Status }> } = {
  idle: { status: 'idle' },
  connecting: { status: 'connecting', attempt: 0 },
  catching_up: { status: 'catching_up', headOffset: 9 },
  live: { status: 'live' },
  lagging: { status: 'lagging', headOffset: 9 },
  waiting: { status: 'waiting', attempt: 1, retryInMs: 250 },
  paused: { status: 'paused' },
  closed: { status: 'closed', reason: 'CLIENT_CLOSED' },
};

/** What each action makes of each state; a state that is not named stays. */
const TABLE: readonly [ClientAction, Partial<Record<ClientState['status'], ClientState['status']>>][] = [
  [{ type: 'ready', offset: 3, headOffset: 9 }, { connecting: 'catching_up' }],
  [{ type: 'ready', offset: 9, headOffset: 9 }, { connecting: 'live' }],
  [{ type: 'advanced', offset: 8 }, {}],
  [{ type: 'advanced', offset: 9 }, { catching_up: 'live' }],
  [
    { type: 'lagging', headOffset: 9 },
    { catching_up: 'lagging', live: 'lagging' },
  ],
  [{ type: 'caught_up' }, { catching_up: 'live', lagging: 'live' }],
  [{ type: 'paused' }, { catching_up: 'paused', live: 'paused', lagging: 'paused' }],
  [
    { type: 'lost', attempt: 1, retryInMs: 250 },
    {
      idle: 'waiting',
      connecting: 'waiting',
      catching_up: 'waiting',
      live: 'waiting',
      lagging: 'waiting',
      paused: 'waiting',
    },
  ],
];

describe('reduceState', () => {
  it.each(TABLE)('%o', (action, changes) => {
    for (const state of Object.values(STATES)) {
      expect(reduceState(state, action).status, `from ${state.status}`).toBe(changes[state.status] ?? state.status);
    }
  });

  it('connects and closes from everywhere', () => {
    for (const state of Object.values(STATES)) {
      expect(reduceState(state, { type: 'connect', attempt: 2 })).toEqual({ status: 'connecting', attempt: 2 });
      const closed = { status: 'closed', reason: 'REPLACED', code: 4509 };
      expect(reduceState(state, { type: 'closed', reason: 'REPLACED', code: 4509 })).toEqual(
        state.status === 'closed' ? state : closed,
      );
    }
  });
});
