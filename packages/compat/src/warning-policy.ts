/** What is said of a deprecated use: nothing, once for each code and call site, each time, or an error. */
export type WarningPolicy = 'off' | 'once' | 'all' | 'error';

const POLICY_VARIABLE = 'WS_COMPAT_WARNINGS';

/** Reads the policy. Asked at each use, so that a program can set it after it has imported the package. */
export function readWarningPolicy(onUnknown: (message: string) => void): WarningPolicy {
  // Read as a property, for a browser has no `process`.
  const value = globalThis.process?.env?.[POLICY_VARIABLE] ?? '';
  switch (value) {
    case 'off':
    case 'once':
    case 'all':
    case 'error':
      return value;
    default:
      if (value !== '') onUnknown(`${POLICY_VARIABLE} must be off, once, all or error: it is taken as once`);
      return 'once';
  }
}
