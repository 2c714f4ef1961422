/** What was called under a legacy name: a function, or a class. */
export type Callee = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown);

/**
 * Where `callee` was called from, as a line of the stack: a file with line and column. Engines that can't leave out frames give
 * the whole stack, which tells call sites apart just as well.
 */
export function callSiteOf(callee: Callee): string {
  const trace: { stack?: string } = {};
  if (typeof Error.captureStackTrace !== 'function') return new Error().stack ?? '';
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(trace, callee);
  Error.stackTraceLimit = limit;
  return trace.stack?.split('\n')[1]?.trim() ?? '';
}
