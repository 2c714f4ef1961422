import { DEPRECATIONS, type DeprecatedFunction, type Deprecation } from './deprecations.ts';

/** How often a legacy name was used in this process. */
export interface DeprecationUsage extends Deprecation {
  readonly uses: number;
}

type Policy = 'off' | 'once' | 'all' | 'error';

/** What `WS_COMPAT_WARNINGS=error` makes a legacy name throw. */
class DeprecationError extends Error {
  override readonly name = 'DeprecationError';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

const VARIABLE = 'WS_COMPAT_WARNINGS';

// Whoever imports this module twice (by `import` and by `require`) gets one instance, so a code still warns once.
const uses = new Map<string, number>();
let saidUnknownPolicy = false;

/**
 * Says that a legacy function was called, in the way that `WS_COMPAT_WARNINGS` asks for: `off`, `once` for each code (the
 * default), `all`, or `error`, which throws.
 *
 * @param alias - the function that was called: with `--trace-deprecation` the trace begins at its caller
 */
export function noteUse(name: DeprecatedFunction, alias: (...args: never[]) => unknown): void {
  const entry = DEPRECATIONS.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new TypeError(`${name} is not in the table of deprecations`);
  const { code, replacement, removal } = entry;
  const before = uses.get(code) ?? 0;
  uses.set(code, before + 1);
  const policy = readPolicy();
  if (policy === 'off' || (policy === 'once' && before > 0)) return;
  const message = `${name} is a legacy name: use ${replacement.replaceAll('`', '')}. It goes in version ${removal}.`;
  if (policy === 'error') throw new DeprecationError(message, code);
  process.emitWarning(message, { type: 'DeprecationWarning', code, ctor: alias });
}

/**
 * The legacy functions that were called in this process, and how often: what is left to migrate. Classes are not among them,
 * because the use of a class can't be noticed without making it another class.
 *
 * @example
 * ```ts
 * process.once('exit', () => console.table(getDeprecationUsage()));
 * ```
 */
export function getDeprecationUsage(): readonly DeprecationUsage[] {
  return DEPRECATIONS.flatMap((entry) => {
    const count = uses.get(entry.code);
    return count === undefined ? [] : [{ ...entry, uses: count }];
  });
}

/** Read at each use, so that a program can set it after it has imported the package. */
function readPolicy(): Policy {
  const value = process.env[VARIABLE] ?? '';
  switch (value) {
    case 'off':
    case 'once':
    case 'all':
    case 'error':
      return value;
    default:
      if (value !== '' && !saidUnknownPolicy) {
        saidUnknownPolicy = true;
        process.emitWarning(`${VARIABLE} must be off, once, all or error: it is taken as once`);
      }
      return 'once';
  }
}
