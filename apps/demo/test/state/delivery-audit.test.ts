import { describe, expect, it } from 'vitest';
import { event, pageAfter, ready, reset, thinking } from '../page-inputs.ts';

const audit = (...inputs: Parameters<typeof pageAfter>) => pageAfter(...inputs).audit;

describe('delivery audit', () => {
  it('counts nothing wrong where every event follows the one before', () => {
    expect(audit(ready(), thinking(1, 'a', { replay: true }), thinking(2, 'b'))).toMatchObject({
      epoch: 'e1',
      last: 2,
      received: 2,
      replayed: 1,
      gaps: 0,
      repeated: 0,
    });
  });

  it('sees a gap', () => {
    expect(audit(ready(), thinking(1, 'a'), thinking(3, 'c'))).toMatchObject({ gaps: 1, repeated: 0, last: 3 });
  });

  it('sees the gap between the position and the first event', () => {
    expect(audit(ready({ offset: 10 }), thinking(12, 'a')).gaps).toBe(1);
  });

  it('takes holes that the server names for none', () => {
    const delta = { type: 'agent_thinking', run_id: 'r1', payload: { delta: 'x' } };
    expect(audit(ready(), thinking(1, 'a'), event({ ...delta, offset: 5, prev: 1, merged: 4 }))).toMatchObject({
      gaps: 0,
      received: 5,
    });
  });

  it('sees an event that is shown twice, and keeps its place', () => {
    expect(audit(ready(), thinking(1, 'a'), thinking(2, 'b'), thinking(1, 'a'))).toMatchObject({
      repeated: 1,
      last: 2,
    });
  });

  it('starts over with an epoch', () => {
    expect(audit(ready(), thinking(1, 'a'), reset({ offset: 7 }), thinking(8, 'b'))).toMatchObject({
      epoch: 'e2',
      last: 8,
      gaps: 0,
      repeated: 0,
    });
  });

  it('counts what comes over the wire a second time, but not what was asked for again', () => {
    const start = (offset: number, epoch = 'e1') => ({ kind: 'start', epoch, offset }) as const;
    const seen = (...offsets: number[]) => offsets.map((offset) => ({ kind: 'event', offset }) as const);
    const twice = audit({ kind: 'wire', facts: [start(0), ...seen(1, 2, 3), start(3), ...seen(2, 3, 4)] });
    expect(twice.duplicates).toBe(2);
    expect(audit({ kind: 'wire', facts: [start(0), ...seen(1, 2, 3), start(1), ...seen(2, 3)] }).duplicates).toBe(0);
    expect(audit({ kind: 'wire', facts: [start(0), ...seen(1, 2), start(0, 'e2'), ...seen(1)] }).duplicates).toBe(0);
  });
});
