import { useState } from 'react';

export interface Pausable<Value> {
  readonly value: Value;
  readonly isPaused: boolean;
  readonly toggle: () => void;
}

/** A value that can be held as it is while the real one goes on. */
export function usePausable<Value>(live: Value): Pausable<Value> {
  const [held, setHeld] = useState<{ readonly value: Value } | null>(null);
  return {
    value: held === null ? live : held.value,
    isPaused: held !== null,
    toggle: () => setHeld(held === null ? { value: live } : null),
  };
}
