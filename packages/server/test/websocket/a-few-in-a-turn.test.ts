import { expect, it } from 'vitest';
import { AFewInATurn } from '../../src/websocket/a-few-in-a-turn.ts';

/** Turns of an event loop, and time that passes when somebody works. */
function loop() {
  let now = 0;
  let turns: (() => void)[] = [];
  return {
    clock: { monotonic: () => now, soon: (task: () => void) => void turns.push(task) },
    work: (ms: number) => {
      now += ms;
    },
    turn: () => {
      const [...all] = turns;
      turns = [];
      for (const task of all) task();
      return all.length > 0;
    },
  };
}

it('what came at once is begun two milliseconds of it in a turn, in order', () => {
  const { clock, work, turn } = loop();
  const inTurn = new AFewInATurn(clock);
  const begun: number[] = [];
  const add = (n: number, ms: number): void => {
    inTurn.add(() => {
      begun.push(n);
      work(ms);
    });
  };
  for (let n = 0; n < 10; n += 1) add(n, 0.5);
  add(10, 50);
  add(11, 0);
  const after: number[] = [];
  while (turn()) {
    after.push(begun.length);
    // A caller that comes in between is behind those that wait.
    if (after.length === 1) add(12, 0);
  }
  expect(after).toEqual([4, 8, 11, 13]);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  add(13, 0);
  turn();
  expect(begun.at(-1)).toBe(13);
});

it('what one of them adds has its turn, too', () => {
  const { clock, turn } = loop();
  const inTurn = new AFewInATurn(clock);
  const begun: string[] = [];
  inTurn.add(() => {
    begun.push('first');
    inTurn.add(() => begun.push('second'));
  });
  while (turn());
  expect(begun).toEqual(['first', 'second']);
});
