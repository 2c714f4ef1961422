import { expect, it } from 'vitest';
import { toEventId, toRunId, type JsonObject, type NumberedEvent } from '@ws/types';
import { ReplayStates } from '../../src/stream/replay-states.ts';

const event = (offset: number, type: string, payload: JsonObject): NumberedEvent => ({
  type,
  offset,
  event_id: toEventId(`e${offset}`),
  run_id: toRunId('r1'),
  timestamp: offset,
  payload,
});

// Longer than the distance of the folds that are kept.
const WORDS = 600;
const events = [
  event(1, 'agent_started', { agent_name: 'analyst' }),
  ...Array.from({ length: WORDS }, (_, n) => event(n + 2, 'agent_thinking', { delta: `${n} ` })),
  event(WORDS + 2, 'agent_completed', { status: 'completed', duration_ms: 1 }),
];

it('is the same whichever way one comes to a moment', () => {
  const states = new ReplayStates(events);
  const at = (count: number) => states.after(count).get('r1')?.view;
  const words = (count: number): string => Array.from({ length: count }, (_, n) => `${n} `).join('');
  for (const count of [WORDS + 2, 3, 251, 250, 500, 1, 601]) {
    const view = at(count);
    expect(view?.thinking).toBe(words(Math.min(WORDS, count - 1)));
    expect(view?.status).toBe(count === WORDS + 2 ? 'completed' : 'running');
  }
  expect(states.after(0).size).toBe(0);
});
