import { useInsertionEffect, useRef, type RefObject } from 'react';

/** Holds what the last render that was shown was given, for functions that are called later. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  // Before any other effect of this render, so that none of them sees what was there before.
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}
