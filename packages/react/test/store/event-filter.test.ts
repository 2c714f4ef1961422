import type { ReceivedEvent } from '@ws/types';
import { expect, it } from 'vitest';
import { fits, type EventQuery } from '../../src/store/event-filter.ts';

// What a filter looks at, no more.
const event = { type: 'agent_started', run_id: 'r1', thread_id: 't1' } as unknown as ReceivedEvent;

it.each<[EventQuery, boolean]>([
  ['*', true],
  ['agent_started', true],
  ['agent_completed', false],
  [{}, true],
  [{ type: 'agent_started' }, true],
  [{ type: ['agent_completed', 'agent_started'] }, true],
  [{ type: ['agent_completed'] }, false],
  [{ type: [] }, false],
  [{ runId: 'r1', threadId: 't1' }, true],
  [{ type: 'agent_started', runId: 'r2' }, false],
  [{ threadId: 't2' }, false],
  [{ runId: undefined, threadId: 't1' }, true],
])('%o: %o', (query, expected) => {
  expect(fits(query, event)).toBe(expected);
});
