import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** So near to the end counts as being there, in pixels. */
const NEAR = 48;

export interface StickToBottom {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isAtBottom: boolean;
  readonly toBottom: () => void;
}

/** Keeps the end in view while the content grows, unless the user scrolled away. Starts at the end for each new `key`. */
export function useStickToBottom(key: string): StickToBottom {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const [isAtBottom, setAtBottom] = useState(true);

  const toBottom = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    sticks.current = true;
    element.scrollTop = element.scrollHeight;
  }, []);

  useLayoutEffect(toBottom, [key, toBottom]);

  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (element === null || inner === null) return;
    let seen = { top: 0, inside: 0, outside: 0 };
    const scrolled = (): void => {
      const now = { top: element.scrollTop, inside: element.scrollHeight, outside: element.clientHeight };
      const isNear = now.inside - now.top - now.outside < NEAR;
      // Where the sizes changed, the end moved away without the user's doing.
      const isByUser = now.top < seen.top && now.inside === seen.inside && now.outside === seen.outside;
      if (isNear || isByUser) sticks.current = isNear;
      seen = now;
      setAtBottom(isNear);
    };
    const resized = (): void => {
      if (sticks.current) toBottom();
      scrolled();
    };
    const observer = new ResizeObserver(resized);
    observer.observe(inner);
    observer.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [toBottom]);

  return { scroller, content, isAtBottom, toBottom };
}
