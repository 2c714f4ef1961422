import type { Callee } from './call-site.ts';

/**
 * Says something once: in Node through `process.emitWarning`, so that its switches work (`--no-deprecation`,
 * `--throw-deprecation`, `--trace-deprecation`); where there is none, in a browser, on the console.
 *
 * @param callee - with `--trace-deprecation` the trace begins at its caller
 */
export function emitWarning(message: string, code?: string, callee?: Callee): void {
  if (typeof globalThis.process?.emitWarning !== 'function') {
    console.warn(code === undefined ? message : `[${code}] DeprecationWarning: ${message}`);
  } else if (code === undefined) {
    process.emitWarning(message);
  } else {
    process.emitWarning(message, {
      type: 'DeprecationWarning',
      code,
      ...(callee === undefined ? {} : { ctor: callee }),
    });
  }
}
