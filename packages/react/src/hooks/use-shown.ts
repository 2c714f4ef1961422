import { useMemo, useSyncExternalStore } from 'react';
import { useHandle } from '../provider/handle-context.ts';
import { shallowEqual } from '../store/shallow-equal.ts';
import { NOTHING_SHOWN, type Shown } from '../store/shown.ts';

/**
 * Reads a part of what is shown. The component renders again when that part is another one by `isEqual`, and for nothing else. `select`
 * has to be pure; one that is made again in each render is called once more for it.
 */
export function useShown<Selected>(
  select: (shown: Shown) => Selected,
  isEqual: (left: Selected, right: Selected) => boolean = shallowEqual,
): Selected {
  const handle = useHandle();
  const [getSnapshot, getServerSnapshot] = useMemo(
    () => [remembering(() => handle.store.shown, select, isEqual), remembering(() => NOTHING_SHOWN, select, isEqual)],
    [handle, select, isEqual],
  );
  return useSyncExternalStore(handle.subscribe, getSnapshot, getServerSnapshot);
}

/** Answers with the same value for as long as it is equal. */
function remembering<Selected>(
  read: () => Shown,
  select: (shown: Shown) => Selected,
  isEqual: (left: Selected, right: Selected) => boolean,
): () => Selected {
  let last: { readonly shown: Shown; readonly selected: Selected } | null = null;
  return () => {
    const shown = read();
    if (last?.shown === shown) return last.selected;
    const selected = select(shown);
    last = { shown, selected: last !== null && isEqual(last.selected, selected) ? last.selected : selected };
    return last.selected;
  };
}
