import { parseEventInput } from '@ws/types';
import { expect, it } from 'vitest';
import { eventAt, openRunsAt, type Persona } from '../../src/soak/script.ts';

const ALICE: Persona = { userId: 'alice', seed: 7, resultChars: 10 };
const ALL = Array.from({ length: 480 }, (_, n) => eventAt(ALICE, n + 1));

it('holds events that a server takes, each with an id of its own', () => {
  for (const event of ALL) expect(parseEventInput(event)).toMatchObject({ ok: true });
  expect(new Set(ALL.map((event) => event.event_id)).size).toBe(ALL.length);
});

it('has two runs open at most, each begun first and ended last', () => {
  const runIds = new Set(ALL.map((event) => event.run_id));
  expect(runIds.size).toBe(20);
  for (const runId of runIds) {
    const events = ALL.filter((event) => event.run_id === runId);
    expect(events).toHaveLength(24);
    expect(events.at(0)?.type).toBe('agent_started');
    expect(events.at(-1)?.type).toBe('agent_completed');
    expect(new Set(events.map((event) => event.thread_id)).size).toBe(1);
  }
  for (let offset = 0; offset <= ALL.length; offset += 1) {
    expect(openRunsAt(ALICE, offset, () => true).size).toBeLessThanOrEqual(2);
  }
  expect(openRunsAt(ALICE, 48, () => true).size).toBe(0);
});

it('is the same every time, and another one for another user', () => {
  expect(eventAt(ALICE, 100)).toEqual(eventAt(ALICE, 100));
  expect(eventAt({ ...ALICE, userId: 'bob' }, 100)).not.toEqual(eventAt(ALICE, 100));
});
