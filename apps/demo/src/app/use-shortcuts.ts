import { useEffect } from 'react';

export interface Shortcuts {
  readonly focusComposer: () => void;
  /** Stops the run that is working; `false` if none is. */
  readonly stopRun: () => boolean;
}

/** Keys that work everywhere on the page: `/` to write, Escape to stop the run. */
export function useShortcuts({ focusComposer, stopRun }: Shortcuts): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      // Escape first closes what is open over the page.
      if (document.querySelector('dialog[open], :popover-open') !== null) return;
      if (event.key === '/' && !isTyping(event.target)) {
        event.preventDefault();
        focusComposer();
      }
      if (event.key === 'Escape' && stopRun()) event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [focusComposer, stopRun]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
