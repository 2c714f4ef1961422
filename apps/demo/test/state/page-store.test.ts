import { expect, it, vi } from 'vitest';
import { EMPTY_PAGE, PageStore, reducePage } from '../../src/state/page-store.ts';
import { completed, lost, message, ready, reset, started, thinking } from '../page-inputs.ts';

it('shows what came in one go', () => {
  const tasks: (() => void)[] = [];
  const callOff = vi.fn();
  const store = new PageStore((task) => {
    tasks.push(task);
    return callOff;
  });
  const listener = vi.fn();
  const off = store.subscribe(listener);
  store.add(ready());
  store.add(thinking(1, 'a'));
  expect(tasks).toHaveLength(1);
  expect(store.getState().audit.last).toBeNull();

  tasks[0]?.();
  expect(store.getState().audit.last).toBe(1);
  expect(listener).toHaveBeenCalledTimes(1);
  expect(callOff).toHaveBeenCalledTimes(1);

  off();
  store.add(thinking(2, 'b'));
  expect(tasks).toHaveLength(2);
  tasks[1]?.();
  expect(listener).toHaveBeenCalledTimes(1);
});

it('shows the same whether inputs come one by one or in one go, and leaves what was shown as it was', () => {
  const again = { epoch: 'e2', offset: 40, headOffset: 42 };
  const [first, ...rest] = [
    [ready(), message(1, 'hello'), started(2), thinking(3, 'a')],
    [thinking(4, 'b'), completed(5), message(6, 'again', 'm-6', 't2'), started(7, 'r2', 't2'), lost()],
    [reset({ ...again, userId: 'u2' }), ready({ ...again, userId: 'u2' }), message(41, 'other'), started(42)],
  ];
  const before = reducePage(EMPTY_PAGE, first ?? []);
  const shown = structuredClone(before);
  const inputs = rest.flat();
  expect(reducePage(before, inputs)).toEqual(inputs.reduce((state, input) => reducePage(state, [input]), before));
  expect(before).toEqual(shown);
});
