import { describe, expect, it } from 'vitest';
import type { PageInput } from '../../src/state/page-input.ts';
import { lost, pageAfter, ready, reset, thinking } from '../page-inputs.ts';

const cut: PageInput = { kind: 'cut', at: 7_000, until: 11_000 };
const live = [ready(), thinking(1, 'a'), thinking(2, 'b')];
const replayed = (offset: number) => thinking(offset, 'x', { replay: true });

describe('interruptions', () => {
  it('tells of a cut, of the replay after it and that nothing is missing', () => {
    const open = pageAfter(...live, cut, lost());
    expect(open.interruptions).toMatchObject([{ cause: 'cut', offset: 2, phase: 'open', code: 1006 }]);

    const back = ready({ offset: 2, headOffset: 4 }, 11_000);
    const replaying = pageAfter(...live, cut, lost(), back, replayed(3));
    expect(replaying.interruptions).toMatchObject([{ phase: 'replaying', replayed: 1 }]);

    const over = pageAfter(...live, cut, lost(), back, replayed(3), replayed(4), thinking(5, 'live'));
    expect(over.interruptions).toMatchObject([
      { phase: 'over', replayed: 2, missing: 0, recovery: 'resumed', lostAt: 7_000, resumedAt: 11_000 },
    ]);
  });

  it('is over at once where nothing happened meanwhile', () => {
    const state = pageAfter(...live, lost(), ready({ offset: 2, headOffset: 2 }));
    expect(state.interruptions).toMatchObject([{ cause: 'lost', phase: 'over', replayed: 0, missing: 0 }]);
  });

  it('counts what is missing', () => {
    const state = pageAfter(...live, lost(), ready({ offset: 2, headOffset: 5 }), replayed(5));
    expect(state.interruptions).toMatchObject([{ phase: 'over', replayed: 1, missing: 1 }]);
  });

  it('is one, however often a try fails', () => {
    expect(pageAfter(...live, lost(), lost(8_000), lost(9_000)).interruptions).toHaveLength(1);
  });

  it('is none before the first connection', () => {
    expect(pageAfter(lost()).interruptions).toEqual([]);
  });

  it('ends a replay that breaks off', () => {
    const state = pageAfter(...live, lost(), ready({ offset: 2, headOffset: 9 }), replayed(3), lost(8_000));
    expect(state.interruptions).toMatchObject([{ phase: 'over' }, { phase: 'open', offset: 3 }]);
  });

  it('tells of a reset', () => {
    const again = { epoch: 'e2', offset: 40, head_offset: 40 };
    const state = pageAfter(...live, lost(), reset(again), ready({ ...again, recovery: 'reset' }));
    expect(state.interruptions).toMatchObject([{ recovery: 'reset', phase: 'over', offset: 2, shownAfter: 40 }]);
  });

  it('tells of a history that is not whole when the page opens', () => {
    const state = pageAfter(reset({ offset: 40 }), ready({ epoch: 'e2', offset: 40, recovery: 'reset' }));
    expect(state.interruptions).toMatchObject([{ cause: 'load', recovery: 'reset', phase: 'over' }]);
  });
});
