import { expect, it } from 'vitest';
import { LOG_ROWS } from '../../src/state/event-log.ts';
import { lost, pageAfter, ready, reset, thinking } from '../page-inputs.ts';

it('lists events with what is known of them, and what happened between them', () => {
  const { log } = pageAfter(ready({ headOffset: 1 }), thinking(1, 'a', { replay: true }), lost(), lost(), reset());
  expect(log.map((row) => (row.kind === 'event' ? [row.event.offset, row.replay] : row.text))).toEqual([
    'connected (resumed) after 0, 1 to catch up',
    [1, true],
    'connection lost',
    'reset: the stream starts over after 0',
  ]);
});

it('keeps the newest rows, each under a number of its own', () => {
  const events = Array.from({ length: LOG_ROWS + 20 }, (_, index) => thinking(index + 1, 'x'));
  const { log } = pageAfter(...events);
  expect(log).toHaveLength(LOG_ROWS);
  expect(log.at(-1)?.seq).toBe(LOG_ROWS + 20);
  expect(new Set(log.map(({ seq }) => seq)).size).toBe(LOG_ROWS);
});
