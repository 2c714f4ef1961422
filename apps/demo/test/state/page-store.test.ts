import { expect, it, vi } from 'vitest';
import { PageStore } from '../../src/state/page-store.ts';
import { ready, thinking } from '../page-inputs.ts';

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
