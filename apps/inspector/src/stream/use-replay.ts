import { useCallback, useEffect, useReducer } from 'react';
import type { Schedule } from './schedule.ts';

interface Replay {
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly isPlaying: boolean;
  readonly speed: number;
}

export interface ReplayControls extends Replay {
  readonly seek: (at: number) => void;
  readonly toggle: () => void;
  readonly setSpeed: (speed: number) => void;
}

type Action =
  | { readonly type: 'seek'; readonly at: number; readonly length: number }
  | { readonly type: 'toggle'; readonly length: number }
  | { readonly type: 'speed'; readonly speed: number }
  | { readonly type: 'passed'; readonly ms: number; readonly length: number };

function reduce(replay: Replay, action: Action): Replay {
  switch (action.type) {
    case 'seek':
      return { ...replay, at: upToEnd(action.at, action.length), isPlaying: false };
    case 'toggle':
      // Played to its end, it begins again.
      if (!replay.isPlaying && replay.at >= action.length) return { ...replay, at: 0, isPlaying: true };
      return { ...replay, isPlaying: !replay.isPlaying };
    case 'speed':
      return { ...replay, speed: action.speed };
    case 'passed': {
      const at = upToEnd(replay.at + action.ms * replay.speed, action.length);
      return { ...replay, at, isPlaying: at < action.length };
    }
  }
}

/** The end is wherever the end is: who stands there stays there while events come. */
function upToEnd(at: number, length: number): number {
  return at >= length ? Infinity : Math.max(0, at);
}

/** Plays a schedule. It begins at its end: what is the case now. */
export function useReplay({ length }: Schedule): ReplayControls {
  const [replay, dispatch] = useReducer(reduce, { at: Infinity, isPlaying: false, speed: 4 });
  const { isPlaying } = replay;
  useEffect(() => {
    if (!isPlaying) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function tick(now) {
      dispatch({ type: 'passed', ms: Math.max(0, now - before), length });
      before = now;
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, length]);
  return {
    ...replay,
    at: Math.min(replay.at, length),
    seek: useCallback((at: number) => dispatch({ type: 'seek', at, length }), [length]),
    toggle: useCallback(() => dispatch({ type: 'toggle', length }), [length]),
    setSpeed: useCallback((speed: number) => dispatch({ type: 'speed', speed }), []),
  };
}
