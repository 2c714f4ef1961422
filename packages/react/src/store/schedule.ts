/** Runs a task soon, and answers how to call it off. */
export type Schedule = (task: () => void) => () => void;

/** How long a page that is not shown, and so has no frames, may be behind. In milliseconds. */
const HIDDEN_MS = 100;
/** Where there are no frames at all. In milliseconds. */
const FRAMELESS_MS = 16;

/** Runs a task before the next frame; in a page that is not shown, where there are no frames, after a moment. */
export const nextFrame: Schedule = (task) => {
  if (typeof requestAnimationFrame !== 'function') return after(FRAMELESS_MS, task);
  if (typeof document !== 'undefined' && document.visibilityState === 'hidden') return after(HIDDEN_MS, task);
  // The page may be hidden before the frame comes.
  const callOff = after(HIDDEN_MS, () => {
    cancelAnimationFrame(frame);
    task();
  });
  const frame = requestAnimationFrame(() => {
    callOff();
    task();
  });
  return () => {
    callOff();
    cancelAnimationFrame(frame);
  };
};

function after(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}
