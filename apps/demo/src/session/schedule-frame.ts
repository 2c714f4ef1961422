import type { Schedule } from '../state/page-store.ts';

/** Runs a task before the next frame; in a tab that is not shown, where there are no frames, after a moment. */
export const scheduleFrame: Schedule = (task) => {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(task, 100);
    return () => clearTimeout(timer);
  }
  // The tab may be hidden before the frame comes.
  const timer = setTimeout(task, 250);
  const frame = requestAnimationFrame(task);
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
};
